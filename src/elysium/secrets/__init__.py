"""Make SealedSecrets and edit their files, without a cluster and without a plaintext on disk."""

from __future__ import annotations

from elysium.secrets.merging import merged_text, place_in
from elysium.secrets.places import Place
from elysium.secrets.sealed_secret import sealed_object, sealed_text, yaml_document

__all__ = ["Place", "merged_text", "place_in", "sealed_object", "sealed_text", "yaml_document"]
