"""Comments of YAML texts."""

from __future__ import annotations

from elysium.check.flux.comments import without_comments

_TEXT = """\
# a comment
key: value # another
url: http://example.org/#anchor
quoted: "not # one" # but this
single: 'it''s # none'
script: |
  # content
  run # content
list:
  - name: x
    text: >-
      # content

      more # content
  - inner: |-
      # content
    after: 1 # comment
last: |+ # comment
    # content
end: yes # comment
"""


def test_comments_go_and_content_stays() -> None:
    lines = list(without_comments(_TEXT))
    assert len(lines) == len(_TEXT.splitlines())
    kept = "\n".join(lines)
    assert kept.count("# content") == 6
    assert "comment" not in kept
    assert "another" not in kept
    assert "but this" not in kept
    assert "#anchor" in kept
    assert '"not # one"' in kept
    assert "it''s # none" in kept
