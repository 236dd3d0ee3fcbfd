# The job of the benchmark as a program in Elixir: from a CSV file with a header, in the heap.
# Nothing survives a crash, and nothing is written but the number of results. For orientation only.
#
#   elixir hourly_revenue.exs orders.csv stream|tasks|flow

defmodule HourlyRevenue do
  @euros %{"EUR" => 1.0, "USD" => 0.92, "GBP" => 1.17, "CHF" => 1.05, "SEK" => 0.088}

  # One process.
  def results(rows, "stream") do
    rows |> Stream.flat_map(&paid/1) |> Enum.reduce(%{}, &add/2) |> map_size()
  end

  # A task for 10,000 rows, as many at a time as there are cores; what they give is merged.
  def results(rows, "tasks") do
    rows
    |> Stream.chunk_every(10_000)
    |> Task.async_stream(
      fn chunk -> chunk |> Enum.flat_map(&paid/1) |> Enum.reduce(%{}, &add/2) end,
      ordered: false
    )
    |> Enum.reduce(%{}, fn {:ok, part}, all ->
      Map.merge(all, part, fn _group, {n, eur}, {m, more} -> {n + m, eur + more} end)
    end)
    |> map_size()
  end

  # Stages of Flow, partitioned by the group, with the defaults.
  def results(rows, "flow") do
    rows
    |> Flow.from_enumerable()
    |> Flow.flat_map(&paid/1)
    |> Flow.partition(key: {:elem, 0})
    |> Flow.reduce(fn -> %{} end, &add/2)
    |> Enum.count()
  end

  defp paid(line) do
    case line |> String.trim_trailing() |> String.split(",") do
      [_, customer, _, "PAID", _, amount, currency, time] ->
        {amount, ""} = Float.parse(amount)
        {:ok, time, 0} = DateTime.from_iso8601(time)
        group = {String.to_integer(customer), div(DateTime.to_unix(time), 3600)}
        [{group, amount * Map.fetch!(@euros, currency)}]

      [_, _, _, _, _, _, _, _] ->
        []
    end
  end

  defp add({group, eur}, groups) do
    Map.update(groups, group, {1, eur}, fn {n, sum} -> {n + 1, sum + eur} end)
  end
end

[file, how] = System.argv()

if how == "flow" and not Code.ensure_loaded?(Flow) do
  Mix.install([{:flow, "~> 1.2"}])
end

count = file |> File.stream!() |> Enum.count() |> Kernel.-(1)
rows = file |> File.stream!(read_ahead: 1_000_000) |> Stream.drop(1)
:erlang.statistics(:runtime)
{micros, results} = :timer.tc(fn -> HourlyRevenue.results(rows, how) end)
{_, millis} = :erlang.statistics(:runtime)

IO.puts(
  "#{how}: #{results} results, #{round(count / micros * 1_000_000)} rows/s, " <>
    "#{Float.round(millis * 1_000 / count, 2)} CPU s/M"
)
