package dev.agentruntime.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.NIOFSDirectory;

/**
 * The words of records in a folder, from which the ids of those are found that have the most in common with a question (BM25). What it holds
 * can be made of the database again. Thread-safe; blocks on the disk.
 */
final class RecordIndex implements AutoCloseable {

    /** Words of a question beyond these are let be. */
    static final int MOST_WORDS = 256;
    private static final String KEY = "key";
    private static final String TEXT = "text";
    private static final String BETWEEN = "\n";
    private static final String ORIGIN = "origin";
    private static final String REVISION = "revision";

    /** A record that was found. */
    record Hit(String id, double score) {}

    private final NIOFSDirectory directory;
    private final Analyzer analyzer = new EnglishAnalyzer();
    private final IndexWriter writer;
    private final SearcherManager searchers;

    /** @throws IOException it is no index, or another process has it */
    RecordIndex(Path folder) throws IOException {
        directory = new NIOFSDirectory(folder); // files in memory need classes that Lucene has for each JVM, and cannot be let go of everywhere
        try {
            writer = new IndexWriter(directory, new IndexWriterConfig(analyzer).setCommitOnClose(false).setMergePolicy(merging()));
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
        try {
            searchers = new SearcherManager(writer, null);
        } catch (IOException | RuntimeException e) {
            try (directory; writer) { // which would have the folder until the JVM's end
                throw e;
            }
        }
    }

    private static TieredMergePolicy merging() {
        TieredMergePolicy policy = new TieredMergePolicy();
        policy.setForceMergeDeletesPctAllowed(0); // where it is asked to, it lets go of all
        return policy;
    }

    /** Up to which change it was when it was written to the disk last. */
    RecordTable.Revision committed() {
        Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
        Map<String, String> all = data == null ? Map.of() : StreamSupport.stream(data.spliterator(), false)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        return new RecordTable.Revision(all.getOrDefault(ORIGIN, ""), Long.parseLong(all.getOrDefault(REVISION, "0")));
    }

    void put(RecordRow record) throws IOException {
        String key = key(record.memory(), record.id());
        if (record.state() != RecordRow.State.ACTIVE) {
            writer.deleteDocuments(new Term(KEY, key));
            return;
        }
        Document document = new Document();
        document.add(new StringField(KEY, key, Field.Store.YES));
        document.add(new StringField("memory", record.memory(), Field.Store.NO));
        document.add(new StringField("actor", record.actor(), Field.Store.NO));
        document.add(new StringField("strategy", record.strategy(), Field.Store.NO));
        document.add(new StringField("namespace", record.namespace(), Field.Store.NO));
        Namespaces.above(record.namespace()).forEach(path -> document.add(new StringField("path", path, Field.Store.NO)));
        document.add(new NumericDocValuesField(REVISION, record.revision()));
        document.add(new TextField(TEXT, record.content(), Field.Store.NO));
        writer.updateDocument(new Term(KEY, key), document);
    }

    void remove(String memory, String id) throws IOException {
        writer.deleteDocuments(new Term(KEY, key(memory, id)));
    }

    void removeAll() throws IOException {
        writer.deleteAll();
    }

    /** What was changed is found from now on. */
    void refresh() throws IOException {
        searchers.maybeRefreshBlocking();
    }

    /** Writes it to the disk, as it is up to that change. */
    void commit(RecordTable.Revision at) throws IOException {
        writer.setLiveCommitData(Map.of(ORIGIN, at.origin(), REVISION, Long.toString(at.number())).entrySet());
        writer.commit();
    }

    /**
     * Lets go of what was removed, on the disk too, so that it is nowhere any more and does not count for how rare a word is.
     *
     * @param at up to which change it is
     */
    void tidy(RecordTable.Revision at) throws IOException {
        if (writer.hasDeletions()) {
            writer.forceMergeDeletes();
            refresh();
            commit(at); // until then the files of before are kept
        }
    }

    /**
     * The best first; of those that are equally good, what was changed last.
     *
     * @param most how many at most
     */
    List<Hit> search(RecordTable.Wanted wanted, String question, int most) throws IOException {
        Set<String> words = words(question);
        if (words.isEmpty()) {
            return List.of();
        }
        BooleanQuery.Builder any = new BooleanQuery.Builder();
        words.forEach(word -> any.add(new TermQuery(new Term(TEXT, word)), Occur.SHOULD));
        BooleanQuery.Builder query = new BooleanQuery.Builder().add(any.build(), Occur.MUST).add(is("memory", wanted.memory()), Occur.FILTER);
        wanted.actor().ifPresent(actor -> query.add(is("actor", actor), Occur.FILTER));
        wanted.strategy().ifPresent(strategy -> query.add(is("strategy", strategy), Occur.FILTER));
        wanted.path().ifPresent(path -> query.add(is("path", Namespaces.trimmed(path)), Occur.FILTER));
        wanted.namespace().ifPresent(start -> query.add(new PrefixQuery(new Term("namespace", start)), Occur.FILTER));
        IndexSearcher searcher = searchers.acquire();
        try {
            Sort sort = new Sort(SortField.FIELD_SCORE, new SortField(REVISION, SortField.Type.LONG, true));
            List<Hit> hits = new ArrayList<>();
            StoredFields stored = searcher.storedFields();
            for (ScoreDoc found : searcher.search(query.build(), most, sort).scoreDocs) {
                String key = stored.document(found.doc, Set.of(KEY)).get(KEY);
                hits.add(new Hit(key.substring(key.indexOf(BETWEEN) + 1), ((Float) ((FieldDoc) found).fields[0]).doubleValue()));
            }
            return List.copyOf(hits);
        } finally {
            searchers.release(searcher);
        }
    }

    private static Query is(String field, String value) {
        return new TermQuery(new Term(field, value));
    }

    private Set<String> words(String question) {
        Set<String> words = new LinkedHashSet<>();
        try (TokenStream stream = analyzer.tokenStream(TEXT, question)) {
            CharTermAttribute word = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken() && words.size() < MOST_WORDS) {
                words.add(word.toString());
            }
            return words;
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of a text in memory
        }
    }

    private static String key(String memory, String id) {
        return memory + BETWEEN + id;
    }

    /** What was not committed is found in the database the next time. */
    @Override
    public void close() throws IOException {
        try (directory; analyzer; writer) {
            searchers.close();
        }
    }
}
