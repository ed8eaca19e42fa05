package dev.agentruntime.features;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of a class file.
 *
 * @param java  the version of Java that it is compiled for, such as 17
 * @param texts those that may be names, among them the names of all classes that it uses; and the method name that {@link Goodbyes} wants
 */
record ConstantPool(int java, List<String> texts) {
    private static final int MAGIC = 0xcafebabe;
    /** Java 1.0 had the format 44. */
    private static final int BEFORE_JAVA = 44;
    /** In characters. A class that has more has no platform in them, and the server that looks has other work. */
    private static final long LONGEST = 16L << 20;

    /** @throws IOException what is read is no class file, or one beyond all measure */
    static ConstantPool of(InputStream classFile) throws IOException {
        DataInputStream in = new DataInputStream(classFile);
        if (in.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        in.readUnsignedShort();
        int java = in.readUnsignedShort() - BEFORE_JAVA;
        List<String> texts = new ArrayList<>();
        long length = 0;
        int count = in.readUnsignedShort();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> {
                    String text = in.readUTF();
                    length += text.length();
                    if (length > LONGEST) {
                        throw new IOException("no class file: its texts have more than " + LONGEST + " characters");
                    }
                    if (text.contains("/") || text.equals("destroy")) {
                        texts.add(text);
                    }
                }
                case 7, 8, 16, 19, 20 -> in.readUnsignedShort();
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.readInt();
                case 5, 6 -> {
                    in.readLong();
                    // These take two places.
                    i++;
                }
                default -> throw new IOException("no class file: a constant of kind " + tag);
            }
        }
        return new ConstantPool(java, texts);
    }
}
