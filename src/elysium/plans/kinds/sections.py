"""The ten sections of a plan that changes what a cluster runs, and what each has to say (requirements 0.1–0.10)."""

from __future__ import annotations

from elysium.plans.kinds.definition import KindSection, SectionPart

__all__ = ["TEN_SECTIONS", "TEST_CLASSES"]


def _part(key: str, title: str, *words: str, prose: tuple[str, ...] = (), optional: bool = False) -> SectionPart:
    return SectionPart(key=key, title=title, words=(key, *words), prose=prose, optional=optional)


TEST_CLASSES = (
    _part("pre-deployment", "Pre-deployment", "predeployment", "before deployment", "validation", "local"),
    _part("deployment", "Deployment", "reconciliation", "rollout"),
    _part("functional", "Functional", "function", "smoke", "acceptance"),
    _part("integration", "Integration", "connectivity", "data flow", "backup", "recovery"),
    _part("performance", "Performance", "load", "resource usage", "benchmark"),
    _part("security", "Security"),
)
"""The six classes of tests."""

_OVERVIEW = (
    _part("what", "What", "change", "summary", "goal", prose=("deploy", "add", "replace", "move", "install", "change")),
    _part(
        "why", "Why", "reason", "purpose", "motivation", prose=("because", "so that", "for", "needed", "in order to")
    ),
    _part("impact", "Impact", "expected impact", prose=("impact", "adds", "with", "creates", "affects", "unchanged")),
)
_REQUIREMENTS = (
    _part("dependencies", "Dependencies", "depends"),
    _part("resources", "Resources", "resource", "storage", "cpu", "memory", "compute"),
    _part("secrets", "Secrets", "credentials"),
    _part("access", "Access", "ingress", "network", "exposure"),
    _part("prerequisites", "Prerequisites", "prerequisite", "crds", "operators"),
)
_ARCHITECTURE = (
    _part("namespaces", "Namespaces", "namespace", "new namespaces", prose=("namespace", "namespaces")),
    _part("services", "Services", "service", "internal service", "exposed", prose=("service", "services", "exposed")),
    _part("storage", "Storage", "volumes", "persistent", prose=("storage", "volume", "volumes", "pvc", "stateless")),
    _part("network", "Network", "networking", "topology", prose=("network", "ingress", "policy", "topology", "host")),
    _part("observability", "Observability", "monitoring", "metrics", prose=("monitoring", "metrics", "observability")),
)
_FLUX = (
    _part("dependencies", "Dependencies", "depends", "kustomization", "order", prose=("depends", "dependson")),
    _part(
        "sources", "Sources", "source", "helmrepository", "ocirepository", "gitrepository", "chart", prose=("source",)
    ),
    _part("substitution", "Substitution", "variable", "variables", prose=("substitution", "variable", "variables")),
    _part("reconciliation", "Reconciliation", "interval", "intervals", "timeout", prose=("interval", "reconciles")),
)
_ROLLBACK = (
    _part("suspend", "Suspend", "pause", prose=("suspend", "pause")),
    _part("revert", "Revert", "git", prose=("revert", "reverting")),
    _part(
        "clean-up",
        "Clean-up",
        "cleanup",
        "manual",
        prose=("clean", "clean-up", "cleanup", "preserve", "delete", "keep"),
    ),
    _part(
        "validation",
        "Validation",
        "validate",
        "verify",
        prose=("validate", "validation", "verify", "check", "equal", "confirm"),
    ),
)
_DOCUMENTATION = (
    _part("readme", "README", prose=("readme", "readme.md")),
    _part("architecture", "Architecture", "diagram", prose=("architecture", "diagram")),
    _part("runbook", "Runbook", "runbooks", "operations", prose=("runbook", "runbooks")),
    _part("troubleshooting", "Troubleshooting", "guide", prose=("troubleshooting", "troubleshoot")),
)
_SECURITY = (
    _part("secrets", "Secrets", "secret", "secret management", prose=("secret", "secrets", "sealed", "password")),
    _part("rbac", "RBAC", "service account", "serviceaccount", "rights", prose=("rbac", "service account")),
    _part("network", "Network", "networkpolicy", "isolation", prose=("networkpolicy", "network policy", "isolation")),
    _part("pods", "Pods", "pod", "container", "security context", prose=("runasnonroot", "pod security", "non-root")),
    _part("images", "Images", "image", "scanning", prose=("image", "images", "scan", "scanning")),
)
_MONITORING = (
    _part("metrics", "Metrics", "metric", prose=("metrics", "metric")),
    _part("dashboards", "Dashboards", "dashboard", prose=("dashboard", "dashboards")),
    _part("alerts", "Alerts", "alert", "alerting", prose=("alert", "alerts")),
    _part("logging", "Logging", "logs", "log", prose=("logging", "logs")),
)
_TITLES = (
    ("overview", "Overview", _OVERVIEW),
    ("requirements", "Requirements", _REQUIREMENTS),
    ("architecture", "Architecture impact", _ARCHITECTURE),
    ("steps", "Implementation steps", ()),
    ("flux", "Flux configuration", _FLUX),
    ("tests", "Testing plan", ()),
    ("rollback", "Rollback plan", _ROLLBACK),
    ("documentation", "Documentation updates", _DOCUMENTATION),
    ("security", "Security considerations", _SECURITY),
    ("monitoring", "Monitoring and alerting", _MONITORING),
)

TEN_SECTIONS = tuple(KindSection(key=key, title=title, parts=parts) for key, title, parts in _TITLES)
"""Overview, requirements, architecture, steps, flux, tests, rollback, documentation, security, monitoring."""
