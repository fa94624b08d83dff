"""Records BLEU and chrF of sentence pairs from sacrebleu, and edit distances from a table filled in full.

Run with sacrebleu 2.6: python3 record_text_metrics.py > text_metrics.json
"""
import json

import sacrebleu

PAIRS = [
    ("The cat sat on the mat.", "The cat sat on the mat."),
    ("A man is playing a guitar.", "A man plays the guitar."),
    ("Ein Mann spielt Gitarre.", "Ein Mann spielt auf einer Gitarre."),
    ("Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche.", "Zwei junge, weiße Männer sind draußen nahe vielen Büschen."),
    ("", "An empty answer."),
    ("Something out of nothing", ""),
    ("one", "one"),
    ("one two", "one two three four five"),
    ("the the the the the the the", "the cat is on the mat"),
    ("It costs $1,234.56 - or 10.5% of it...", "It costs $1,234.50, or 10.5 % of it."),
    ("\"Quoted,\" she said; (really!) [yes] {no}", "'Quoted', she said: (really) [yes] {no}."),
    ("AT&amp;T &lt;b&gt; &quot;x&quot;", "AT&T <b> \"x\""),
    ("3-4 days, 5-year-old e-mail well-known", "3 - 4 days, 5-year-old e-mail well-known"),
    ("日本語 の 文章 です。", "日本語の文章です。"),
    ("Привет, мир! Как дела?", "Привет мир, как дела?"),
    ("emoji 😀😀 and 👩‍👩‍👧 families", "emoji 😀 and 👩‍👩‍👧 family"),
    ("line one-\nbroken and\nmore  ", "line onebroken and more"),
    ("spaces\u00a0and\u3000others \t here", "spaces and others here"),
    ("Eine Frau mit Hut läuft .5 km , dann 6. Platz", "Eine Frau mit Hut läuft 0.5 km, dann der 6. Platz"),
    ("a.b.c, d..e ,, f", "a.b.c d..e , f"),
    ("naïve café Ångström ŝ", "naive cafe Ångström s"),
    ("<skipped> the rest / of * it ~ ^ `", "the rest/of*it~^`"),
    ("We don't know what they'll do", "We do not know what they will do"),
    ("Ein kleines Mädchen klettert in ein Spielhaus aus Holz.", "Ein kleines Mädchen klettert in ein Spielhaus aus Holz."),
]

# A hypothesis and several references, of which the nearest in length or the best may be any.
SEVERAL = [
    ("The cat sat on the mat.", ["A cat was sitting on the mat.", "The cat sat on a mat.", "On the mat sat the cat."]),
    ("nine eight", ["nine eight", "nine eight"]),
    ("one two three four", ["one two", "one two three four five six", "two one four three"]),
    ("Zwei Männer laufen.", ["Zwei junge Männer laufen schnell.", "Männer laufen.", "Zwei Kerle rennen."]),
    ("don't, Zed-2.", ["Ex, don't.", "Zed-2, don't."]),
    ("the the the the", ["the cat the", "the the dog"]),
    ("", ["an answer", "another"]),
    ("abc", ["", "abd"]),
    ("x y z", ["a b c", "d e f", "x"]),
]


def distance(a, b):
    table = [[i + j if i * j == 0 else 0 for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (a[i - 1] != b[j - 1]))
    return table[-1][-1]


bleu, chrf = sacrebleu.BLEU(), sacrebleu.CHRF()


def scores(pairs):
    hypotheses, references = [h for h, _ in pairs], [r for _, r in pairs]
    return {"bleu": bleu.corpus_score(hypotheses, [references]).score, "chrf": chrf.corpus_score(hypotheses, [references]).score}


def several_scores(several):
    """References as sacrebleu wants them: lists as long as the hypotheses, None where a text has fewer."""
    most = max(len(references) for _, references in several)
    lists = [[references[i] if i < len(references) else None for _, references in several] for i in range(most)]
    hypotheses = [h for h, _ in several]
    return {"bleu": bleu.corpus_score(hypotheses, lists).score, "chrf": chrf.corpus_score(hypotheses, lists).score}


out = {"pairs": [], "corpora": [], "several": [], "several_corpus": several_scores(SEVERAL)}
for said, references in SEVERAL:
    out["several"].append({"hypothesis": said, "references": references, **several_scores([(said, references)])})
for said, meant in PAIRS:
    out["pairs"].append({"hypothesis": said, "reference": meant, "tokens": bleu._preprocess_segment(said), "edits": distance(said.split(), meant.split()),
                         "words": len(meant.split()), **scores([(said, meant)])})
for first, count in [(0, len(PAIRS)), (0, 5), (4, 3), (6, 2), (9, 8)]:
    out["corpora"].append({"first": first, "count": count, **scores(PAIRS[first:first + count])})
print(json.dumps(out, indent=1, ensure_ascii=False))
