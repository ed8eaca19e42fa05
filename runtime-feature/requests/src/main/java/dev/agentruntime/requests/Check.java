package dev.agentruntime.requests;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Looks for what is wrong with a value. Members that no shape knows are let be, as AgentCore does. For one value. */
public final class Check {

    /** Of so many; the rest is found once these are mended. */
    private static final int MOST_PROBLEMS = 20;
    private static final int MOST_DIGITS = 30;
    private static final int DEEPEST = 100;
    private static final int WIDEST = 1_000;
    private static final BigDecimal END_OF_TIME = BigDecimal.valueOf(253_402_300_800L);

    private final Shapes shapes;
    private final List<FieldProblem> problems = new ArrayList<>();

    private Check(Shapes shapes) {
        this.shapes = shapes;
    }

    /** What is wrong with {@code value}, where {@code shape} is what it must be; empty when nothing is. */
    public static List<FieldProblem> of(Shapes shapes, String shape, JsonValue value) {
        Check check = new Check(shapes);
        check.value("", shape, value);
        return List.copyOf(check.problems);
    }

    private void value(String at, String name, JsonValue value) {
        Shape shape = shapes.shape(name);
        if (shape instanceof Shape.Structure structure) {
            structure(at, structure, value);
        } else if (shape instanceof Shape.Text text) {
            text(at, text, value);
        } else if (shape instanceof Shape.Whole whole) {
            whole(at, whole, value);
        } else if (shape instanceof Shape.ListOf list) {
            list(at, list, value);
        } else if (shape instanceof Shape.MapOf map) {
            map(at, map, value);
        } else if (shape instanceof Shape.Decimal) {
            decimal(at, value);
        } else if (shape instanceof Shape.Time) {
            time(at, value);
        } else if (shape instanceof Shape.Anything) {
            anything(at, value, 0);
        } else if (value != JsonValue.TRUE && value != JsonValue.FALSE) {
            problem(at, "must be true or false");
        }
    }

    private void structure(String at, Shape.Structure structure, JsonValue value) {
        if (!(value instanceof JsonObject object)) {
            problem(at, "must be an object");
            return;
        }
        structure.required().stream().filter(name -> isAbsent(object, name)).forEach(name -> problem(inside(at, name), "is required"));
        List<String> there = structure.members().keySet().stream().filter(name -> !isAbsent(object, name)).toList();
        if (structure.choice() == Shape.Choice.EXACTLY_ONE && there.size() != 1) {
            problem(at, "must have exactly one of the members " + String.join(", ", structure.members().keySet()));
        }
        there.forEach(name -> value(inside(at, name), structure.members().get(name).shape(), object.get(name)));
    }

    private static boolean isAbsent(JsonObject object, String name) {
        return !object.containsKey(name) || object.isNull(name);
    }

    private void text(String at, Shape.Text text, JsonValue value) {
        if (!(value instanceof JsonString string)) {
            problem(at, "must be text");
            return;
        }
        String given = string.getString();
        if (!text.length().contain(given.codePointCount(0, given.length()))) {
            problem(at, "must have " + text.length().text() + " characters");
        } else if (!text.allowed().isEmpty() && !text.allowed().contains(given)) {
            problem(at, "must be one of " + String.join(", ", text.allowed()));
        } else if (text.pattern().filter(pattern -> !matches(pattern, given)).isPresent()) {
            problem(at, "must match the pattern " + text.pattern().get());
        } else {
            characters(at, given);
        }
    }

    /** A pattern of nested repetitions may exhaust the stack on text that is long; such text is none that fits. */
    private static boolean matches(Pattern pattern, String text) {
        try {
            return pattern.matcher(text).matches();
        } catch (StackOverflowError tooDeep) {
            return false;
        }
    }

    private void whole(String at, Shape.Whole whole, JsonValue value) {
        if (!(value instanceof JsonNumber number) || number.bigDecimalValue().precision() > 30 || number.bigDecimalValue().scale() < -30
                || number.bigDecimalValue().stripTrailingZeros().scale() > 0) {
            problem(at, "must be a whole number");
        } else if (!whole.bounds().contain(number.bigDecimalValue())) {
            problem(at, "must be " + whole.bounds().text());
        }
    }

    private void decimal(String at, JsonValue value) {
        if (!(value instanceof JsonNumber number) || number.bigDecimalValue().precision() > MOST_DIGITS
                || Math.abs((long) number.bigDecimalValue().scale()) > MOST_DIGITS) {
            problem(at, "must be a number of " + MOST_DIGITS + " digits at most");
        }
    }

    private void time(String at, JsonValue value) {
        if (!(value instanceof JsonNumber number) || Math.abs((long) number.bigDecimalValue().scale()) > MOST_DIGITS
                || number.bigDecimalValue().signum() < 0 || number.bigDecimalValue().compareTo(END_OF_TIME) >= 0) {
            problem(at, "must be a time: a number of seconds since 1970, of a year before 10000");
        }
    }

    private void anything(String at, JsonValue value, int depth) {
        if (depth > DEEPEST) {
            problem(at, "must not be nested more than " + DEEPEST + " levels deep");
        } else if (value instanceof JsonObject object) {
            object.forEach((name, of) -> {
                characters(at, name);
                anything(at, of, depth + 1);
            });
        } else if (value instanceof JsonArray array) {
            array.forEach(of -> anything(at, of, depth + 1));
        } else if (value instanceof JsonString string) {
            characters(at, string.getString());
        } else if (value instanceof JsonNumber number && Math.abs((long) number.bigDecimalValue().scale()) > WIDEST) {
            problem(at, "must not have numbers of more than " + WIDEST + " digits");
        }
    }

    private void characters(String at, String given) {
        if (given.indexOf('\0') >= 0) {
            problem(at, "must not have the character NUL");
        } else if (given.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            problem(at, "must not have half of a surrogate pair, which is no character");
        }
    }

    private void list(String at, Shape.ListOf list, JsonValue value) {
        if (!(value instanceof JsonArray array)) {
            problem(at, "must be a list");
        } else if (!list.size().contain(array.size())) {
            problem(at, "must have " + list.size().text() + " elements");
        } else {
            for (int i = 0; i < array.size(); i++) {
                value(at + "[" + i + "]", list.element(), array.get(i));
            }
        }
    }

    private void map(String at, Shape.MapOf map, JsonValue value) {
        if (!(value instanceof JsonObject object)) {
            problem(at, "must be an object");
        } else if (!map.size().contain(object.size())) {
            problem(at, "must have " + map.size().text() + " entries");
        } else {
            for (Map.Entry<String, JsonValue> entry : object.entrySet()) {
                value(inside(at, "key"), map.key(), Json.createValue(entry.getKey()));
                value(inside(at, entry.getKey()), map.value(), entry.getValue());
            }
        }
    }

    private static String inside(String at, String name) {
        return at.isEmpty() ? name : at + "." + name;
    }

    private void problem(String at, String must) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(new FieldProblem(at.isEmpty() ? "body" : at, must));
        }
    }

    /** All of them in one sentence. */
    public static String text(List<FieldProblem> problems) {
        return problems.stream().map(problem -> problem.name() + " " + problem.message()).collect(Collectors.joining("; "));
    }
}
