package dev.tidemill.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;

/**
 * Avro's generic values as JSON that a person reads: times as text, decimals as numbers, bytes in
 * hex. Not Avro's JSON encoding, which names the branches of unions.
 */
final class AvroJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private AvroJson() {}

  static JsonNode of(Object value) {
    if (value == null) {
      return NODES.nullNode();
    } else if (value instanceof GenericRecord record) {
      ObjectNode node = NODES.objectNode();
      for (Schema.Field field : record.getSchema().getFields()) {
        node.set(field.name(), of(record.get(field.pos())));
      }
      return node;
    } else if (value instanceof Collection<?> elements) {
      ArrayNode node = NODES.arrayNode();
      elements.forEach(element -> node.add(of(element)));
      return node;
    } else if (value instanceof Map<?, ?> map) {
      ObjectNode node = NODES.objectNode();
      map.forEach((key, element) -> node.set(key.toString(), of(element)));
      return node;
    } else if (value instanceof GenericFixed fixed) {
      return NODES.textNode(HexFormat.of().formatHex(fixed.bytes()));
    } else if (value instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return NODES.textNode(HexFormat.of().formatHex(bytes));
    } else if (value instanceof Boolean yes) {
      return NODES.booleanNode(yes);
    } else if (value instanceof Integer number) {
      return NODES.numberNode(number);
    } else if (value instanceof Long number) {
      return NODES.numberNode(number);
    } else if (value instanceof BigDecimal number) {
      return NODES.numberNode(number);
    } else if (value instanceof Float number && Float.isFinite(number)) {
      return NODES.numberNode(number);
    } else if (value instanceof Double number && Double.isFinite(number)) {
      return NODES.numberNode(number);
    }
    return NODES.textNode(value.toString()); // strings, enums, times, uuids, NaN
  }
}
