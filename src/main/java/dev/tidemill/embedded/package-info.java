/**
 * A broker and a schema registry in this process, for the demo, {@code --embedded} and the tests.
 */
package dev.tidemill.embedded;
