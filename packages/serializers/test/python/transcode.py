"""Reads Avro bodies and writes them again, with one of Python's two implementations.

Standard input: one JSON object {"schema": text, "bodies": [base64, ...]} a line.
Standard output: for each of them one JSON object {"values": [...], "bodies": [base64, ...]}.
The only argument names the implementation: fastavro or avro.
"""

import base64
import io
import json
import sys


def fastavro_transcoder(text):
    import fastavro

    schema = fastavro.parse_schema(json.loads(text))

    def transcode(body):
        value = fastavro.schemaless_reader(io.BytesIO(body), schema, None)
        out = io.BytesIO()
        fastavro.schemaless_writer(out, schema, value, strict=True)
        return value, out.getvalue()

    return transcode


def avro_transcoder(text):
    import avro.io
    import avro.schema

    schema = avro.schema.parse(text)
    reader = avro.io.DatumReader(schema)
    writer = avro.io.DatumWriter(schema)

    def transcode(body):
        value = reader.read(avro.io.BinaryDecoder(io.BytesIO(body)))
        out = io.BytesIO()
        writer.write(value, avro.io.BinaryEncoder(out))
        return value, out.getvalue()

    return transcode


def main():
    transcoder = {"fastavro": fastavro_transcoder, "avro": avro_transcoder}[sys.argv[1]]
    for line in sys.stdin:
        request = json.loads(line)
        transcode = transcoder(request["schema"])
        results = [transcode(base64.b64decode(body)) for body in request["bodies"]]
        answer = {
            "values": [value for value, _ in results],
            "bodies": [base64.b64encode(body).decode() for _, body in results],
        }
        print(json.dumps(answer), flush=True)


main()
