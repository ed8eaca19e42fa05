package dev.agentruntime.libvirt;

import io.opentelemetry.api.trace.Span;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.metrics.annotation.Counted;

/** A resource of the agent of {@link PlatformIT}, which asks who its caller is. */
@Path("/desk")
@RequestScoped
public class Desk {

    @Inject
    private JsonWebToken token;

    @GET
    @Operation(summary = "Tells who asks")
    @RolesAllowed("reader")
    public String who() {
        return "caller=" + token.getName() + " issuer=" + token.getIssuer();
    }

    @GET
    @Path("/write")
    @RolesAllowed("writer")
    public String write() {
        return "written";
    }

    /** A user of the registry that the server's configuration has. */
    @GET
    @Path("/login")
    public String login(@Context HttpServletRequest request) throws ServletException {
        request.login("ann", "secret");
        return "user=" + request.getUserPrincipal().getName();
    }

    @GET
    @Path("/letter")
    @Counted(name = "letters", absolute = true)
    public String letter() throws NamingException, MessagingException, IOException {
        Session mail = InitialContext.doLookup("mail/out");
        MimeMessage message = new MimeMessage(mail);
        message.setFrom(mail.getProperty("mail.from"));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress("bob@acme.example"));
        message.setSubject("Grüße");
        message.setText("Hello Bob");
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        message.writeTo(text);
        return "host=" + mail.getProperty("mail.host") + "\n" + text.toString(StandardCharsets.US_ASCII);
    }

    @GET
    @Path("/span")
    public String span() {
        return "valid=" + Span.current().getSpanContext().isValid() + " recording=" + Span.current().isRecording();
    }
}
