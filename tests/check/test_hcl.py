"""Terraform files as far as references and blocks go."""

from __future__ import annotations

import pytest

from elysium.check.files.hcl import HclError, parse

TEXT = """# a comment with { and "
variable "size" { default = 1 }
locals {
  text = <<-EOT
    plain var.no ${var.size} %{ if local.yes }x%{ endif } $${var.escaped}
  EOT
  list = [
    "a ${var.inner["key"]} b", // var.comment
    local.other
  ]
}
resource "kind" "name" {
  nested {
    value = { a = 1, b = "}" } /* { */
  }
}
"""


def test_blocks_have_kinds_labels_and_lines() -> None:
    blocks = parse(TEXT)
    assert [(block.kind, block.labels, block.line) for block in blocks] == [
        ("variable", ("size",), 2),
        ("locals", (), 3),
        ("resource", ("kind", "name"), 12),
    ]
    assert [block.kind for block in blocks[2].below()] == ["resource", "nested"]
    assert blocks[0].attribute("default") is not None
    assert blocks[0].attribute("other") is None


def test_code_has_what_is_evaluated_and_nothing_else() -> None:
    text, listed = parse(TEXT)[1].attributes
    assert (text.line, listed.line) == (4, 7)
    assert "var.size" in text.code
    assert "local.yes" in text.code
    assert "var.no" not in text.code
    assert "var.escaped" not in text.code
    assert "var.inner" in listed.code
    assert "local.other" in listed.code
    assert "var.comment" not in listed.code


def test_a_comment_behind_an_expression_is_no_part_of_it() -> None:
    block = parse('a {\n  image = "x:latest" # why\n  list = [1] /* one */\n  text = <<EOT\n# text\nEOT\n}\n')[0]
    assert [item.text for item in block.attributes] == ['"x:latest"', "[1]", "<<EOT\n# text\nEOT"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a {\n", 1, "never closed"),
        ("a = 1\n}\n", 2, "closes nothing"),
        ('a = "x\n', 1, "a string never ends"),
        ("\na = <<EOT\nx\n", 2, "never ends"),
        ("/* x", 1, "a comment never ends"),
        ("a b c\n", 1, "neither an attribute nor a block"),
        ('a = "${x"\n', 1, "never ends"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(HclError, match=message) as caught:
        parse(text)
    assert caught.value.line == line
