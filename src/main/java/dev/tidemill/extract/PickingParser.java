package dev.tidemill.extract;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/**
 * Picks single values out of a record while somebody reads its tokens: those that the record's tree
 * would have there. For who goes from token to token, and skips. Not thread-safe.
 */
final class PickingParser extends JsonParserDelegate {
  private static final JsonPointer[] NOTHING = {};

  private final JsonPointer[] wanted;
  private final JsonNode[] found;

  /** Within which something may be found; null: not within a record. */
  private Container container;

  /** Containers within that one, in which nothing is wanted. */
  private int ignored;

  private static final class Container {
    private final Container outside;
    private final JsonPointer[] wanted;
    private final boolean isArray;
    private int index = -1;

    /**
     * @param wanted from its members on; null in the place of what is elsewhere
     */
    private Container(Container outside, JsonPointer[] wanted, boolean isArray) {
      this.outside = outside;
      this.wanted = wanted;
      this.isArray = isArray;
    }
  }

  PickingParser(JsonParser tokens, List<JsonPointer> wanted) {
    super(tokens);
    this.wanted = wanted.toArray(NOTHING);
    this.found = new JsonNode[this.wanted.length];
  }

  /** The token where it is now is a record's first. */
  void begin() {
    Arrays.fill(found, MissingNode.getInstance());
    ignored = 0;
    container =
        currentToken().isStructStart()
            ? new Container(null, wanted, currentToken() == JsonToken.START_ARRAY)
            : null;
  }

  /** Of the record whose last token was read: missing where it has no single value. */
  JsonNode[] values() {
    return found.clone();
  }

  @Override
  public JsonToken nextToken() throws IOException {
    JsonToken token = delegate.nextToken();
    saw(token);
    return token;
  }

  @Override
  public boolean nextFieldName(SerializableString name) throws IOException {
    boolean isIt = delegate.nextFieldName(name);
    saw(delegate.currentToken());
    return isIt;
  }

  @Override
  public JsonParser skipChildren() throws IOException {
    if (currentToken().isStructStart()) {
      for (int depth = 1; depth > 0; ) {
        JsonToken token = nextToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      }
    }
    return this;
  }

  private void saw(JsonToken token) throws IOException {
    if (container == null || token == JsonToken.FIELD_NAME) {
      return;
    }
    if (ignored > 0) {
      ignored += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
    } else if (token.isStructEnd()) {
      container = container.outside;
    } else {
      sawMember(token);
    }
  }

  private void sawMember(JsonToken token) throws IOException {
    container.index++;
    JsonPointer[] within = null;
    for (int i = 0; i < wanted.length; i++) {
      JsonPointer here = member(container.wanted[i]);
      if (here == null) {
        continue;
      }
      // Whatever the same name had before, in a tree it would be replaced.
      found[i] = here.matches() ? value(token) : MissingNode.getInstance();
      if (token.isStructStart()) {
        within = within == null ? new JsonPointer[wanted.length] : within;
        within[i] = here;
      }
    }
    if (within != null) {
      container = new Container(container, within, token == JsonToken.START_ARRAY);
    } else if (token.isStructStart()) {
      ignored++;
    }
  }

  private JsonPointer member(JsonPointer from) throws IOException {
    if (from == null) {
      return null;
    }
    return container.isArray
        ? from.matchElement(container.index)
        : from.matchProperty(delegate.currentName());
  }

  private JsonNode value(JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> TextNode.valueOf(delegate.getText());
      case VALUE_TRUE, VALUE_FALSE -> BooleanNode.valueOf(token == JsonToken.VALUE_TRUE);
      case VALUE_NULL -> NullNode.getInstance();
      case VALUE_NUMBER_INT -> JsonNodeFactory.instance.numberNode(delegate.getBigIntegerValue());
      case VALUE_NUMBER_FLOAT -> decimal();
      default -> MissingNode.getInstance();
    };
  }

  /** Without zeros at its end, as in a tree. Of some exponents there is no decimal. */
  private JsonNode decimal() throws IOException {
    try {
      BigDecimal value = delegate.getDecimalValue();
      return DecimalNode.valueOf(
          value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros());
    } catch (NumberFormatException e) {
      return MissingNode.getInstance();
    }
  }
}
