package dev.agentruntime.agentctl;

import jakarta.json.Json;
import picocli.CommandLine.Command;

@Command(name = "logout", description = "Forget the login for a server.")
final class Logout extends ServerAction {

    Logout(Surroundings surroundings) {
        super(surroundings);
    }

    @Override
    ExitCode run() {
        Server server = server();
        boolean was = server.logins().remove(server.address());
        if (json()) {
            print(Json.createObjectBuilder().add("server", server.address().toString()).add("forgotten", was).build());
        } else {
            out().println(was ? "The login for " + server.address() + " is forgotten" : "There was no login for " + server.address());
        }
        return ExitCode.OK;
    }
}
