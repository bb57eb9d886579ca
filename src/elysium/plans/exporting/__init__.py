"""Plans for other tools: Markdown, JSON, issues, a checklist, a calendar, and the plan itself without what is done."""

from elysium.plans.exporting.archiving import Archive, archive, archived_texts
from elysium.plans.exporting.calendar import calendar
from elysium.plans.exporting.checklist import checklist
from elysium.plans.exporting.documents import as_json, as_markdown
from elysium.plans.exporting.fixing import Misstated, fix_marks, misstated
from elysium.plans.exporting.issue_files import issue_files
from elysium.plans.exporting.issues import Issue, issues_by_item, issues_by_phase

__all__ = [
    "Archive",
    "Issue",
    "Misstated",
    "archive",
    "archived_texts",
    "as_json",
    "as_markdown",
    "calendar",
    "checklist",
    "fix_marks",
    "issue_files",
    "issues_by_item",
    "issues_by_phase",
    "misstated",
]
