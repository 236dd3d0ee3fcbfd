package dev.tidemill.topology;

import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.streams.errors.DeserializationExceptionHandler;
import org.apache.kafka.streams.errors.ErrorHandlerContext;
import org.apache.kafka.streams.errors.ProcessingExceptionHandler;
import org.apache.kafka.streams.errors.ProductionExceptionHandler;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever gets as far as Streams' own handlers is trouble of ours or of the infrastructure, never
 * of the data (rule 8): intake has turned every bad record into a reject before. So the transaction
 * aborts, and the place is named.
 */
public final class FailLoudly
    implements DeserializationExceptionHandler,
        ProcessingExceptionHandler,
        ProductionExceptionHandler {
  private static final Logger log = LoggerFactory.getLogger(FailLoudly.class);

  @Override
  public DeserializationExceptionHandler.Response handleError(
      ErrorHandlerContext context, ConsumerRecord<byte[], byte[]> record, Exception exception) {
    log.error("Could not read {}: {}", place(context), exception.toString());
    return DeserializationExceptionHandler.Response.fail();
  }

  @Override
  public ProcessingExceptionHandler.Response handleError(
      ErrorHandlerContext context, Record<?, ?> record, Exception exception) {
    if (!(exception instanceof PausedException)) { // which names its place itself, and is shown
      log.error("Could not process {}: {}", place(context), exception.toString());
    }
    return ProcessingExceptionHandler.Response.fail();
  }

  @Override
  public ProductionExceptionHandler.Response handleError(
      ErrorHandlerContext context, ProducerRecord<byte[], byte[]> record, Exception exception) {
    log.error("Could not write to {}: {}", record.topic(), exception.toString());
    return ProductionExceptionHandler.Response.fail();
  }

  private static String place(ErrorHandlerContext context) {
    return context.topic()
        + "-"
        + context.partition()
        + "@"
        + context.offset()
        + " in "
        + context.processorNodeId();
  }

  @Override
  public void configure(Map<String, ?> configs) {}
}
