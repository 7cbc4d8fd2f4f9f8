"""The quick deployment sends CloudFormation what SAM would."""

from __future__ import annotations

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
