package dev.tidemill.extract;

import dev.tidemill.definition.SourceDefinition;

/** Parsers by the source's format and schema. */
final class SchemaParsers implements RowParsers {

  SchemaParsers(SourceDefinition source) {}

  @Override
  public RowParser of(InputFile file, byte[] header) {
    throw new UnsupportedOperationException("waits for the codecs of schema");
  }
}
