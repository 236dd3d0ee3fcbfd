package dev.tidemill.schema;

/**
 * These bytes are not a record of the source's schema. The message names the field and the reason.
 */
public sealed class DecodeException extends Exception permits IncompatibleSchemaException {
  private static final long serialVersionUID = 1L;

  public DecodeException(String message) {
    // A reject is data: its stack trace says nothing, and a bad topic has millions of them.
    super(message, null, false, false);
  }
}
