package dev.agentruntime.features;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The texts of a class file, among them the names of all classes that it uses. */
final class ConstantPool {
    private static final int MAGIC = 0xcafebabe;

    private ConstantPool() {
    }

    /** @throws IOException what is read is no class file */
    static List<String> texts(InputStream classFile) throws IOException {
        DataInputStream in = new DataInputStream(classFile);
        if (in.readInt() != MAGIC) {
            throw new IOException("no class file");
        }
        in.readInt();
        List<String> texts = new ArrayList<>();
        int count = in.readUnsignedShort();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.add(in.readUTF());
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
        return texts;
    }
}
