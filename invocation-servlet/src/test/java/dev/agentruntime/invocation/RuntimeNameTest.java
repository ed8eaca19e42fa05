package dev.agentruntime.invocation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RuntimeNameTest {

    @Test
    void anArnEndsWithTheIdAndAnythingElseIsTheNameItself() {
        assertThat(RuntimeName.of("arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/hello-0123456789")).isEqualTo("hello-0123456789");
        assertThat(RuntimeName.of("arn:aws-cn:bedrock-agentcore:local:000000000000:runtime/hello-0123456789")).isEqualTo("hello-0123456789");
        assertThat(RuntimeName.of("hello")).isEqualTo("hello");
        assertThat(RuntimeName.of("arn:aws:s3:::runtime/hello")).isEqualTo("arn:aws:s3:::runtime/hello");
        assertThat(RuntimeName.of("arn:aws:bedrock-agentcore:l:0:runtime/a/b")).isEqualTo("arn:aws:bedrock-agentcore:l:0:runtime/a/b");
    }

    @Test
    void anArnSaysWhereItIs() {
        assertThat(RuntimeName.home("arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/hello"))
                .contains(new RuntimeName.Home("us-east-1", "123456789012"));
        assertThat(RuntimeName.home("hello")).isEmpty();
        assertThat(RuntimeName.home("arn:aws:s3:::runtime/hello")).isEmpty();
    }
}
