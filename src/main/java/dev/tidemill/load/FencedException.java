package dev.tidemill.load;

/** Somebody else loads this target: whoever gets this has changed nothing and must start over. */
public final class FencedException extends TargetException {
  private static final long serialVersionUID = 1L;

  public FencedException(String message) {
    super(message);
  }
}
