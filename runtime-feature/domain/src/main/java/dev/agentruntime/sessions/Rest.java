package dev.agentruntime.sessions;

/** Whether the agent, asked after its last work had ended, has said that there is none of its own. */
enum Rest { NOT_ASKED, ASKED, CONFIRMED }
