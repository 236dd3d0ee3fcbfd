package dev.tidemill.bench;

import dev.tidemill.cli.Main;

/** The command line of the product, in a process that ends with its parent, as if by Ctrl-C. */
final class TidemillCommand {
  private TidemillCommand() {}

  public static void main(String[] args) {
    Forked.endWithParent(() -> System.exit(0));
    Main.main(args);
  }
}
