package dev.agentruntime.libvirt;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/** The agent of {@link PlatformIT}. */
@WebServlet({"/ping", "/books", "/source"})
public class BooksServlet extends HttpServlet {

    @Inject
    private Shelf shelf;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getServletPath().equals("/source")) {
            response.getWriter().print("database=" + database());
            return;
        }
        if (request.getServletPath().equals("/books")) {
            shelf.add(request.getParameter("title"));
        }
        response.getWriter().print("color=" + color() + " titles=" + shelf.getTitles());
    }

    /** Of a data source that the server's configuration may have. */
    private static String database() {
        try (Connection connection = InitialContext.<DataSource>doLookup("jdbc/more").getConnection()) {
            return connection.getMetaData().getDatabaseProductName();
        } catch (NamingException | SQLException e) {
            return e.toString();
        }
    }

    private static String color() {
        try {
            return InitialContext.doLookup("shelf/color");
        } catch (NamingException e) {
            return e.toString();
        }
    }
}
