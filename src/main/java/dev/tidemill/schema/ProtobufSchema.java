package dev.tidemill.schema;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.squareup.wire.schema.CoreLoader;
import com.squareup.wire.schema.ErrorCollector;
import com.squareup.wire.schema.Linker;
import com.squareup.wire.schema.Location;
import com.squareup.wire.schema.MessageType;
import com.squareup.wire.schema.ProtoFile;
import com.squareup.wire.schema.Schema;
import com.squareup.wire.schema.Type;
import com.squareup.wire.schema.internal.SchemaEncoder;
import com.squareup.wire.schema.internal.parser.ProtoParser;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code .proto} file as it is in the registry, with its messages. The only class that parses it.
 */
final class ProtobufSchema {
  private static final String MAIN = "registered.proto";

  private final Schema schema;
  private final ProtoFile main;
  private final FileDescriptor descriptors;

  private ProtobufSchema(Schema schema, ProtoFile main, FileDescriptor descriptors) {
    this.schema = schema;
    this.main = main;
    this.descriptors = descriptors;
  }

  /**
   * @throws DecodeException if the text is no {@code .proto}, with the parser's reason
   */
  static ProtobufSchema of(RegisteredSchema registered) throws DecodeException {
    try {
      List<ProtoFile> files = new ArrayList<>();
      registered.imports().forEach((name, text) -> files.add(parse(name, text)));
      files.add(parse(MAIN, registered.text()));
      Schema schema = new Linker(CoreLoader.INSTANCE, new ErrorCollector(), true, true).link(files);
      FileDescriptor descriptors = new Descriptors(schema).of(MAIN);
      return new ProtobufSchema(schema, schema.protoFile(MAIN), descriptors);
    } catch (RuntimeException | DescriptorValidationException | InvalidProtocolBufferException e) {
      // The parser's own exceptions for a text that it does not understand are IllegalState- and
      // SchemaException.
      throw new DecodeException(
          "the Protobuf schema can not be read: "
              + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static ProtoFile parse(String path, String text) {
    return ProtoFile.Companion.get(ProtoParser.Companion.parse(Location.get(path), text));
  }

  /**
   * @param path the message's index in the file, then in that message, and so on. Messages alone
   *     are counted, as they are written
   */
  Descriptor message(List<Integer> path) throws DecodeException {
    List<Type> types = main.getTypes();
    Type found = null;
    for (int index : path) {
      List<Type> messages = types.stream().filter(MessageType.class::isInstance).toList();
      if (index < 0 || index >= messages.size()) {
        throw new DecodeException(
            "message " + path + " is not in the Protobuf schema of the record");
      }
      found = messages.get(index);
      types = found.getNestedTypes();
    }
    return find(found.getType().toString());
  }

  private Descriptor find(String fullName) {
    String name =
        main.getPackageName() == null
            ? fullName
            : fullName.substring(main.getPackageName().length() + 1);
    List<Descriptor> level = descriptors.getMessageTypes();
    Descriptor found = null;
    for (String part : name.split("\\.")) {
      found = level.stream().filter(d -> d.getName().equals(part)).findFirst().orElseThrow();
      level = found.getNestedTypes();
    }
    return found;
  }

  /** Makes descriptors of files, those that they import first. */
  private static final class Descriptors {
    private final Schema schema;
    private final SchemaEncoder encoder;
    private final Map<String, FileDescriptor> made = new HashMap<>();

    Descriptors(Schema schema) {
      this.schema = schema;
      this.encoder = new SchemaEncoder(schema);
    }

    FileDescriptor of(String path)
        throws DescriptorValidationException, InvalidProtocolBufferException {
      FileDescriptor known = made.get(path);
      if (known != null) {
        return known;
      }
      ProtoFile linked = schema.protoFile(path);
      ProtoFile file = linked == null ? CoreLoader.INSTANCE.load(path) : linked;
      FileDescriptorProto proto = FileDescriptorProto.parseFrom(encoder.encode(file).toByteArray());
      List<FileDescriptor> imports = new ArrayList<>();
      for (String imported : proto.getDependencyList()) {
        imports.add(of(imported));
      }
      FileDescriptor descriptor =
          FileDescriptor.buildFrom(proto, imports.toArray(FileDescriptor[]::new), true);
      made.put(path, descriptor);
      return descriptor;
    }
  }
}
