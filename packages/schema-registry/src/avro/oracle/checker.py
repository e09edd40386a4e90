"""Answers each line `[reader, writer]` (two schemas as JSON) with what Avro's Python compatibility checker says."""

import json
import sys

import avro.schema
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

for line in sys.stdin:
    try:
        reader, writer = (avro.schema.parse(json.dumps(schema)) for schema in json.loads(line))
        result = ReaderWriterCompatibilityChecker().get_compatibility(reader, writer)
        answer = {
            "compatible": result.compatibility is SchemaCompatibilityType.compatible,
            "kinds": sorted({kind.name.upper() for kind in result.incompatibilities}),
        }
    except Exception as error:  # A schema that this parser refuses is an answer as well.
        answer = {"refused": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
