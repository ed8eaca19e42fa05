package dev.agentruntime.sdk;

import jakarta.servlet.http.Part;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A multipart form as the JSON object that a caller without files would have sent. */
final class Forms {

    private static final long LONGEST_TEXT_BYTES = 1024 * 1024;

    private Forms() {
    }

    static boolean isForm(String contentType) {
        return contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
    }

    static String json(Collection<Part> parts, DocumentFields fields, Documents documents) throws IOException {
        Map<String, List<String>> values = new LinkedHashMap<>();
        for (Part part : parts) {
            String value = fields.contains(part.getName()) ? document(part, documents) : text(part);
            values.computeIfAbsent(part.getName(), name -> new ArrayList<>()).add(JsonText.quote(value));
        }
        List<String> members = new ArrayList<>();
        values.forEach((name, given) -> {
            boolean list = given.size() > 1 || fields.isList(name);
            members.add(JsonText.quote(name) + ":" + (list ? given.toString() : given.get(0)));
        });
        return "{" + String.join(",", members) + "}";
    }

    private static String document(Part part, Documents documents) {
        Path file = documents.newFile();
        try {
            // by its name only: the container keeps the parts in the same folder, and moves what lies there
            part.write(file.getFileName().toString());
        } catch (IOException e) {
            throw documents.full(e);
        }
        return documents.add(part.getName(), Optional.ofNullable(part.getSubmittedFileName()),
                Optional.ofNullable(part.getContentType()), file);
    }

    private static String text(Part part) throws IOException {
        if (part.getSize() > LONGEST_TEXT_BYTES) {
            throw new BadRequestException("Invalid form", "The part " + part.getName() + " is " + part.getSize()
                    + " bytes long. A part that is no document of this agent may have " + LONGEST_TEXT_BYTES, null);
        }
        try (InputStream in = part.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
