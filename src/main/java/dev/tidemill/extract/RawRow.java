package dev.tidemill.extract;

import java.util.Optional;

/**
 * One row of a file as it is written there.
 *
 * @param bytes without the line's end
 * @param place where it begins
 * @param next where the next one begins
 * @param problem why it can not be a row whatever the schema is; empty: it can
 */
record RawRow(byte[] bytes, Place place, Place next, Optional<String> problem) {}
