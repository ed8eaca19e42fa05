package dev.agentruntime.examples.langchain4j;

import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;

/** What LangChain4j implements. Each call is a conversation of its own. */
public interface Assistant {

    String RULES = "You know the stock room. Answer in one sentence.";

    @SystemMessage(RULES)
    String answer(String prompt);

    @SystemMessage(RULES)
    TokenStream stream(String prompt);
}
