package dev.tidemill.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemill.definition.FileLayout;
import dev.tidemill.definition.Origin;
import dev.tidemill.definition.Origin.Format;
import dev.tidemill.definition.Publishing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSchemaTest {
  @TempDir Path folder;

  private Schema schema(Format format) {
    return FileSchema.of(
        "row",
        new Origin.Files(
            folder.resolve("*.x"), format, FileLayout.PLAIN, Publishing.to(1), Optional.empty()));
  }

  private Schema ofText(Format format, String content) throws IOException {
    Files.writeString(folder.resolve("a.x"), content);
    return schema(format);
  }

  private Schema ofParquet(String select) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute(
          "COPY (" + select + ") TO '" + folder.resolve("a.x") + "' (FORMAT parquet)");
    }
    return schema(Format.PARQUET);
  }

  private static Schema expected(String fields) {
    return new Schema.Parser()
        .parse("{'type':'record','name':'row','fields':[%s]}".formatted(fields).replace("'", "\""));
  }

  @Test
  void csv_has_numbers_booleans_and_texts() throws IOException {
    assertThat(
            ofText(
                Format.CSV, "n,price,at,flag,note\n1,1.5,2001/01/01 08:00,true,\n2,2,x,false,y\n"))
        .isEqualTo(
            expected(
                "{'name':'n','type':'long'},{'name':'price','type':'double'},{'name':'at','type':'string'},"
                    + "{'name':'flag','type':'boolean'},{'name':'note','type':['null','string'],'default':null}"));
  }

  @Test
  void json_has_records_and_arrays() throws IOException {
    assertThat(
            ofText(
                Format.JSON,
                "[{\"id\":1,\"at\":\"2001-01-01T08:00:00Z\",\"o\":{\"a\":[1.5]}},\n{\"id\":2,\"at\":\"x\"}]"))
        .isEqualTo(
            expected(
                "{'name':'id','type':'long'},{'name':'at','type':'string'},{'name':'o','type':['null',"
                    + "{'type':'record','name':'row_o','fields':[{'name':'a','type':['null',{'type':'array','items':['null','double']}],'default':null}]}],'default':null}"));
  }

  @Test
  void parquet_has_its_types_and_a_file_is_read_by_them() throws Exception {
    Schema schema =
        ofParquet(
            "SELECT 1::INT AS i, 1.5::DECIMAL(5,2) AS d, DATE '2001-01-01' AS day, TIMESTAMPTZ '2001-01-01 00:00:00+00' AS at,"
                + " uuid() AS u, [{'x': TIMESTAMP '2001-01-01 00:00:00'}] AS l");
    assertThat(schema)
        .isEqualTo(
            expected(
                "{'name':'i','type':'int'},{'name':'d','type':{'type':'bytes','logicalType':'decimal','precision':5,'scale':2}},"
                    + "{'name':'day','type':{'type':'int','logicalType':'date'}},{'name':'at','type':{'type':'long','logicalType':'timestamp-micros'}},"
                    + "{'name':'u','type':{'type':'string','logicalType':'uuid'}},{'name':'l','type':{'type':'array','items':['null',{'type':'record','name':'row_l',"
                    + "'fields':[{'name':'x','type':['null',{'type':'long','logicalType':'local-timestamp-millis'}],'default':null}]}]}}"));
    Path path = folder.resolve("a.x");
    InputFile file = new InputFile(path, "a.x", Files.size(path), true);
    assertThat(Read.from(file, Place.START, Format.PARQUET, FileLayout.PLAIN, schema).rows())
        .singleElement()
        .asString()
        .startsWith("[1, 1.50, 11323, 978307200000, ")
        .endsWith(", [[978307200000]]]");
  }

  @Test
  void columns_that_can_not_be_fields_are_named() {
    assertThatThrownBy(() -> ofParquet("SELECT 1 AS \"a b\", MAP {'k': 1} AS m, 1 AS ok"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "column 'a b' has a name that no field can have\n"
                + "column 'm' is of type MAP, which a row can not hold");
  }
}
