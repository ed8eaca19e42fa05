package dev.agentruntime.examples.liberty;

import static dev.agentruntime.examples.liberty.OnLiberty.liberty;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.http.HttpResponse;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

@EnabledIfSystemProperty(named = "liberty.home", matches = "/.+")
@EnabledIfSystemProperty(named = "agentruntime.ledger.url", matches = "jdbc:postgresql:.+")
@ExtendWith(OnLiberty.class)
class OrdersIT {

    @Test
    void ordersAreKeptAndConnectionsUsedAgain() {
        JsonObject first = order("{\"item\": \"paper\", \"quantity\": 12}");
        Set<Integer> backends = new HashSet<>();
        for (int n = 0; n < 10; n++) {
            backends.add(order("{\"item\": \"paper\"}").getInt("backend"));
        }
        assertThat(order("{\"item\": \"paper\"}").getInt("ordered")).isEqualTo(first.getInt("ordered") + 11);
        assertThat(backends).hasSize(1);
    }

    @Test
    void connectionsThatDiedInThePoolCostNoOrder() {
        order("{\"item\": \"ink\"}");
        int before = order("{\"item\": \"ink\"}").getInt("ordered");
        OrdersDatabase.ofThisRun().orElseThrow().endConnections();
        assertThat(order("{\"item\": \"ink\"}").getInt("ordered")).isEqualTo(before + 1);
    }

    @Test
    void anImpossibleOrderLeavesNothingBehind() {
        HttpResponse<String> answer = liberty().invoke("orders", "{\"item\": \"glue\", \"quantity\": 0}");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).contains("quantity must be 1 to");
        assertThat(order("{\"item\": \"glue\"}").getInt("ordered")).isEqualTo(1);
    }

    private static JsonObject order(String body) {
        HttpResponse<String> answer = liberty().invoke("orders", body);
        assertThat(answer.statusCode()).as(answer.body() + liberty().log()).isEqualTo(200);
        return Json.createReader(new StringReader(answer.body())).readObject();
    }
}
