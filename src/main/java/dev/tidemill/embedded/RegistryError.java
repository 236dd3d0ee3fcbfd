package dev.tidemill.embedded;

/** An answer of the registry that is not a success, in Confluent's numbering. */
final class RegistryError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  private RegistryError(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  static RegistryError unknownPath(String method, String path) {
    return new RegistryError(404, "The embedded registry has no " + method + " " + path);
  }

  static RegistryError unknownSubject(String subject) {
    return new RegistryError(40401, "Subject '" + subject + "' not found.");
  }

  static RegistryError unknownVersion(String version) {
    return new RegistryError(40402, "Version " + version + " not found.");
  }

  static RegistryError unknownSchema(String what) {
    return new RegistryError(40403, "Schema " + what + " not found.");
  }

  static RegistryError noConfig(String subject) {
    return new RegistryError(
        40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  static RegistryError incompatible(String subject, String clash) {
    return new RegistryError(
        409,
        "Schema being registered is incompatible with an earlier schema for subject \""
            + subject
            + "\": "
            + clash);
  }

  static RegistryError invalidSchema(String reason) {
    return new RegistryError(42201, "Invalid schema: " + reason);
  }

  static RegistryError invalidVersion(String version) {
    return new RegistryError(
        42202, "The specified version '" + version + "' is not a valid version id");
  }

  static RegistryError invalidLevel(String level) {
    return new RegistryError(42203, "Invalid compatibility level: " + level);
  }

  static RegistryError invalidRequest(String reason) {
    return new RegistryError(422, "Invalid request: " + reason);
  }

  static RegistryError notStored(Exception cause) {
    return new RegistryError(50001, "The topic of schemas can not be written: " + cause);
  }

  int code() {
    return code;
  }

  /** The first three digits. */
  int status() {
    return code < 1000 ? code : code / 100;
  }
}
