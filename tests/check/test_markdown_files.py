"""Links, code and fences of Markdown."""

from __future__ import annotations

from elysium.check.files.markdown import fences, mentions

TEXT = """# Top
[a](b.md "title") and ![c](<d.png>) `e/f.yaml` <!-- [no](no.md) -->
[g](h.md#i) `[j](k)` [l](m_(n).md)

## Below

- item:
  ```bash
  kubectl get [x](y.md)
  ```
~~~~
```
inner
~~~~
## Last
"""


def test_links_and_code_outside_of_fences() -> None:
    text = TEXT.replace(" <!-- [no](no.md) -->", "")
    assert [(item.line, item.text, item.link) for item in mentions(text)] == [
        (2, "b.md", True),
        (2, "d.png", True),
        (2, "e/f.yaml", False),
        (3, "h.md#i", True),
        (3, "[j](k)", False),
    ]
    assert all(item.line != 2 for item in mentions(TEXT))


def test_fences_know_their_headings() -> None:
    first, second = fences(TEXT)
    assert (first.language, first.line, first.lines) == ("bash", 9, ("  kubectl get [x](y.md)",))
    assert first.headings == ("Top", "Below")
    assert (second.language, second.lines) == ("", ("```", "inner"))
