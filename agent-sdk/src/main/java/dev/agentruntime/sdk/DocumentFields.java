package dev.agentruntime.sdk;

import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which fields of a body are documents.
 *
 * @param listed by the field's name, whether it is a list of them
 */
record DocumentFields(Map<String, Boolean> listed) {

    static DocumentFields of(Type body) {
        Map<String, Boolean> listed = new HashMap<>();
        if (body instanceof Class<?> type && !type.getName().startsWith("java.")) {
            for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
                for (Field field : c.getDeclaredFields()) {
                    Type declared = field.getGenericType();
                    if (declared == AgentDocument.class) {
                        listed.put(field.getName(), false);
                    } else if (declared instanceof ParameterizedType list && list.getRawType() == List.class
                            && list.getActualTypeArguments()[0] == AgentDocument.class) {
                        listed.put(field.getName(), true);
                    }
                }
            }
        }
        return new DocumentFields(Map.copyOf(listed));
    }

    boolean isEmpty() {
        return listed.isEmpty();
    }

    boolean contains(String name) {
        return listed.containsKey(name);
    }

    boolean isList(String name) {
        return listed.getOrDefault(name, false);
    }
}
