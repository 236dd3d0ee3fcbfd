package dev.tidemill.schema;

/**
 * Every record that was written with this schema can not be read as a row of the source's: a reject
 * as any other, unless the source says that the pipeline must stop.
 */
public final class IncompatibleSchemaException extends DecodeException {
  private static final long serialVersionUID = 1L;

  public IncompatibleSchemaException(String message) {
    super(message);
  }
}
