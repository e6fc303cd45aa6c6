"""Runs notebooks and renders them, with what they print and draw, as pages that need no other file.

`python python/notebooks/run.py tour` writes `target/doc/notebooks/tour.html`, where `cargo doc` puts the crate's pages;
without a name it runs all of them. A notebook is a
Python file in percent format, which Jupyter (with jupytext), VS Code and others open as a notebook: `# %%` begins a
cell, `# %% [markdown]` a text.
"""

from __future__ import annotations

import ast
import contextlib
import html
import io
import os
import re
import sys
import time
from pathlib import Path
from types import CodeType
from typing import Any

HERE = Path(__file__).parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or HERE.parents[1] / "target")
OUT = TARGET / "doc" / "notebooks"

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#111}
pre{background:#f5f5f5;padding:.7rem;overflow-x:auto;font-size:.82rem}pre.out{background:none;border-left:3px solid #0072B2}
table{border-collapse:collapse;font-size:.85rem}td,th{padding:.15rem .6rem;border-bottom:1px solid #ddd;text-align:right}
td:first-child,th:first-child{text-align:left}svg{max-width:100%;height:auto}code{background:#f5f5f5}"""


def cells(text: str) -> list[tuple[bool, str, int]]:
    """Cells of a percent-format file: whether it is text, what is in it, and its first line."""
    found: list[tuple[bool, str, int]] = []
    lines = text.splitlines()
    starts = [k for k, line in enumerate(lines) if line.startswith("# %%")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        body = lines[start + 1 : end]
        prose = "[markdown]" in lines[start]
        if prose:
            body = [line.removeprefix("#").removeprefix(" ") for line in body]
        found.append((prose, "\n".join(body).strip("\n"), start + 1))
    return found


def compiled(source: str, file: Path, line: int) -> tuple[CodeType, CodeType | None]:
    """A cell's statements, and its last expression, whose value is shown."""
    tree = ast.parse("\n" * line + source, str(file))
    last = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = compile(ast.Expression(tree.body.pop().value), str(file), "eval")  # type: ignore[attr-defined]
    return compile(tree, str(file), "exec"), last


def shown(value: Any) -> str:
    """A value as a page shows it."""
    if value is None:
        return ""
    if hasattr(value, "_repr_html_"):
        return str(value._repr_html_())
    return f'<pre class="out">{html.escape(repr(value))}</pre>'


def figures() -> str:
    """Figures that are open, as vector graphics; they are closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return ""
    parts = []
    for number in pyplot.get_fignums():
        file = io.StringIO()
        pyplot.figure(number).savefig(file, format="svg")
        parts.append(re.sub(r"^.*?(?=<svg)", "", file.getvalue(), flags=re.DOTALL))
    pyplot.close("all")
    return "".join(parts)


def prose(text: str) -> str:
    """The little markup that the notebooks use: headings, emphasis, code, lists, paragraphs."""
    out = []
    for block in re.split(r"\n\s*\n", text):
        block = html.escape(block, quote=False)
        block = re.sub(r"`([^`]+)`", r"<code>\1</code>", block)
        block = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", block)
        block = re.sub(r"\*([^*]+)\*", r"<i>\1</i>", block)
        if heading := re.match(r"(#+) (.*)", block):
            level = len(heading[1])
            out.append(f"<h{level}>{heading[2]}</h{level}>")
        elif block.startswith("- "):
            entries = re.split(r"\n?- ", block)[1:]
            out.append("<ul>" + "".join(f"<li>{entry}</li>" for entry in entries) + "</ul>")
        else:
            out.append(f"<p>{block}</p>")
    return "\n".join(out)


def run(name: str) -> Path:
    """Runs a notebook and writes its page."""
    file = HERE / f"{name}.py"
    space: dict[str, Any] = {"__name__": "__notebook__", "__file__": str(file)}
    page = []
    for is_prose, source, line in cells(file.read_text(encoding="utf-8")):
        if is_prose:
            page.append(prose(source))
            continue
        body, last = compiled(source, file, line)
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(body, space)
            value = eval(last, space) if last is not None else None
        page.append(f"<pre>{html.escape(source)}</pre>")
        if printed.getvalue():
            page.append(f'<pre class="out">{html.escape(printed.getvalue())}</pre>')
        drawn = figures()
        page.append(drawn or shown(value))
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"{name}.html"
    body_text = "\n".join(page)
    path.write_text(
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{name}</title>'
        f"<style>{STYLE}</style><body>{body_text}</body></html>",
        encoding="utf-8",
    )
    return path


def names() -> list[str]:
    """All notebooks."""
    return sorted(path.stem for path in HERE.glob("*.py") if path.name != "run.py")


def main() -> None:
    import matplotlib

    matplotlib.use("agg")
    for name in sys.argv[1:] or names():
        began = time.perf_counter()
        print(f"{run(name)}  ({time.perf_counter() - began:.1f} s)")


if __name__ == "__main__":
    main()
