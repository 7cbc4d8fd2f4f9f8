"""What is in another language is told so, and English with odd names never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.conversations import Thread
from bot.foreign import foreign
from bot.knowledge_base import from_seeds
from bot.normalise import sentence
from bot.resolve import ANOTHER_LANGUAGE, NOT_UNDERSTOOD, resolve
from tests.accuracy import CORPUS, read

KNOWLEDGE = from_seeds()


@pytest.mark.parametrize(
    "text",
    [
        "zeige mir die Dateien in my-bucket",
        "lösche report.csv aus my-bucket",
        "montre-moi les fichiers de my-bucket",
        "copie a.csv de acme-a vers acme-b",
        "muéstrame los archivos de my-bucket",
        "quais são os buckets?",
        "elimina il file report.csv da my-bucket",
        "toon de bestanden in my-bucket",
        "покажи файлы в my-bucket",
        "バケットを一覧表示して",
    ],
)
def test_another_language_is_told_so_with_what_can_be_said(text: str) -> None:
    turn = resolve(text, Thread(), KNOWLEDGE)

    assert (turn.intent, turn.error) == (None, ANOTHER_LANGUAGE)
    assert turn.suggestions


@pytest.mark.parametrize(
    "text",
    [
        "roast the der-bucket and les-files",
        "roast 日本.txt from my-bucket",
        'roast "le fichier de la semaine.pdf" from my-bucket',
        "what about el nino in la",
        "hola",
        "my-bucket",
        "🙏",
    ],
)
def test_english_with_odd_names_is_not_taken_for_another_language(text: str) -> None:
    assert resolve(text, Thread(), KNOWLEDGE).error == NOT_UNDERSTOOD


@pytest.mark.parametrize("file", sorted(CORPUS.glob("messages*.jsonl")), ids=lambda file: file.stem)
def test_nothing_of_the_corpus_is_taken_for_another_language(file: Path) -> None:
    texts = [item["text"] for item in read(file)]
    foreigners = [text for text in texts if foreign(sentence(text), KNOWLEDGE.words)]

    assert [text for text in foreigners if not KNOWLEDGE.matcher.match(text)] == []


def test_a_command_that_is_understood_is_understood_in_any_alphabet() -> None:
    turn = resolve('delete "日本 の.txt" from my-bucket', Thread(), KNOWLEDGE)

    assert turn.state == "resolved"
