"""Make SealedSecrets and edit their files, without a cluster and without a plaintext on disk."""

from __future__ import annotations

from elysium.secrets.inputs import Inputs, generated, read_file, read_values
from elysium.secrets.manifests import Wish, plain_object, sealed_manifest
from elysium.secrets.merging import merged_text, place_in, type_in
from elysium.secrets.places import Place
from elysium.secrets.sealed_secret import sealed_object, sealed_text, yaml_document
from elysium.secrets.writing import json_text, yaml_lines

__all__ = [
    "Inputs",
    "Place",
    "Wish",
    "generated",
    "json_text",
    "merged_text",
    "place_in",
    "plain_object",
    "read_file",
    "read_values",
    "sealed_manifest",
    "sealed_object",
    "sealed_text",
    "type_in",
    "yaml_document",
    "yaml_lines",
]
