"""The quick deployment sends CloudFormation what SAM would."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sandbox import deploy


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("!Ref Table", {"Ref": "Table"}),
        ("!GetAtt Table.Arn", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("!GetAtt [Table, Arn]", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("!Sub 'a-${B}'", {"Fn::Sub": "a-${B}"}),
        ("!If [HasA, !Ref A, !Ref AWS::NoValue]", {"Fn::If": ["HasA", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
        ("!Not [!Equals [!Ref A, '']]", {"Fn::Not": [{"Fn::Equals": [{"Ref": "A"}, ""]}]}),
        ("!Condition HasModel", {"Condition": "HasModel"}),
        ("!Transform {Name: X}", {"Fn::Transform": {"Name": "X"}}),
    ],
)
def test_short_forms_are_spelled_out(text: str, data: object) -> None:
    assert deploy._parse(f"Value: {text}") == {"Value": data}


def test_a_version_that_looks_like_a_date_stays_text() -> None:
    assert deploy._parse('Version: "2012-10-17"') == {"Version": "2012-10-17"}


def test_the_same_files_make_the_same_package(tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "app.py").write_text("pass")
    first = deploy._zipped(tmp_path)
    (tmp_path / "bot" / "app.py").touch()

    assert deploy._zipped(tmp_path) == first
    assert zipfile.ZipFile(io.BytesIO(first)).read("bot/app.py") == b"pass"
