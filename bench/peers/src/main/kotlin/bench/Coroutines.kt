// The workloads of bench/run in Kotlin coroutines on Dispatchers.Default.
package bench

import bench.Bench.check
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.LongAdder
import kotlin.time.Duration.Companion.nanoseconds
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.DelicateCoroutinesApi
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.trySendBlocking
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.newFixedThreadPoolContext
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext
import kotlinx.coroutines.yield

object Coroutines {
    private fun rounds(operations: Long, block: suspend CoroutineScope.() -> Unit) =
        Bench.measure(operations) { runBlocking(Dispatchers.Default, block) }

    private fun spawn(n: Int) = rounds(n.toLong()) {
        val count = LongAdder()
        coroutineScope { repeat(n) { launch { count.increment() } } }
        check(count.sum() == n.toLong())
    }

    private suspend fun skynet(to: Channel<Long>, number: Long, size: Int) {
        if (size == 1) {
            to.send(number)
            return
        }
        val from = Channel<Long>()
        coroutineScope {
            for (i in 0..<10) launch { skynet(from, number + i * (size / 10), size / 10) }
            var sum = 0L
            repeat(10) { sum += from.receive() }
            to.send(sum)
        }
    }

    private fun skynet(leaves: Int) = rounds(leaves.toLong()) {
        val top = Channel<Long>()
        launch { skynet(top, 0, leaves) }
        check(top.receive() == Bench.sum(leaves.toLong()))
    }

    private suspend fun fib(n: Int): Int = coroutineScope {
        if (n < 2) {
            n
        } else {
            val left = async { fib(n - 1) }
            val right = fib(n - 2)
            left.await() + right
        }
    }

    private fun forkjoin(times: Int) = rounds(times.toLong() * Bench.FIB_FORKS) {
        repeat(times) { check(fib(20) == Bench.FIB_20) }
    }

    private fun pingpong(n: Int) = rounds(n.toLong()) {
        val ping = Channel<Int>()
        val pong = Channel<Int>()
        launch { for (v in ping) pong.send(v) }
        repeat(n) {
            ping.send(it)
            check(pong.receive() == it)
        }
        ping.close()
    }

    private fun yields(procs: Int, n: Int) = rounds(2L * procs * n) {
        val count = LongAdder()
        coroutineScope {
            repeat(2 * procs) {
                launch {
                    repeat(n) { yield() }
                    count.add(n.toLong())
                }
            }
        }
        check(count.sum() == 2L * procs * n)
    }

    private fun ring(laps: Int) = rounds(1000L * laps) {
        val links = List(1000) { Channel<Int>() }
        val last = Channel<Int>()
        for (i in 0..<1000) {
            launch {
                val to = if (i < 999) links[i + 1] else last
                repeat(laps) { to.send(links[i].receive() + 1) }
            }
        }
        var token = 0
        repeat(laps) {
            links[0].send(token)
            token = last.receive()
        }
        check(token == 1000 * laps)
    }

    private fun mutex(n: Int) = rounds(64L * n) {
        val mutex = Mutex()
        var count = 0L
        coroutineScope { repeat(64) { launch { repeat(n) { mutex.withLock { count++ } } } } }
        check(count == 64L * n)
    }

    private fun sleepers(n: Int) = Bench.measureSleepers(n) {
        runBlocking(Dispatchers.Default) {
            val count = LongAdder()
            coroutineScope {
                repeat(n) {
                    launch {
                        delay(Bench.sleepNanos(it).nanoseconds)
                        count.increment()
                    }
                }
            }
            check(count.sum() == n.toLong())
        }
    }

    private suspend fun park(n: Int, parked: () -> Unit) = coroutineScope {
        val gate = Channel<Unit>()
        val ready = CountDownLatch(n)
        repeat(n) {
            launch {
                ready.countDown()
                check(gate.receiveCatching().isClosed)
            }
        }
        withContext(Dispatchers.IO) { ready.await() }
        parked()
        gate.close()
    }

    private fun parked(n: Int) {
        Bench.warmUp { runBlocking(Dispatchers.Default) { park(20_000) {} } }
        val memory = Bench.Memory()
        runBlocking(Dispatchers.Default) { park(n) { memory.print(n) } }
    }

    private fun ticker(procs: Int, ticks: Int) = runBlocking(Dispatchers.Default) {
        val ticker = Bench.Ticker(ticks)
        val ticking = launch {
            do {
                delay(ticker.delay().nanoseconds)
            } while (ticker.tick())
        }
        repeat(4 * procs) { launch { ticker.hog() } }
        ticking.join()
        ticker
    }

    private fun wakeup() = runBlocking(Dispatchers.Default) {
        val wakeUp = Bench.WakeUp()
        val posts = Channel<Long>(1)
        wakeUp.start { check(posts.trySendBlocking(it).isSuccess) }
        repeat(wakeUp.count()) { wakeUp.woken(it, posts.receive()) }
        wakeUp.print()
    }

    @OptIn(DelicateCoroutinesApi::class, ExperimentalCoroutinesApi::class)
    private fun startstop(procs: Int, n: Int) = Bench.measure(n.toLong()) {
        repeat(n) {
            newFixedThreadPoolContext(procs, "own").use { own -> runBlocking { launch(own) {}.join() } }
        }
    }

    @JvmStatic
    fun main(args: Array<String>) {
        Bench.start()
        val procs = args[1].toInt()
        when (args[0]) {
            "spawn" -> spawn(Bench.scaled(1_000_000))
            "skynet" -> skynet(Bench.leaves())
            "forkjoin" -> forkjoin(Bench.scaled(100))
            "pingpong" -> pingpong(Bench.scaled(500_000))
            "yield" -> yields(procs, Bench.scaled(500_000))
            "ring" -> ring(Bench.scaled(500))
            "mutex" -> mutex(Bench.scaled(20_000))
            "sleepers" -> sleepers(Bench.scaled(1_000_000))
            "parked", "parkedmax" -> parked(Bench.parked(args[0]))
            "ticker" -> {
                ticker(procs, Bench.WARMUP_TICKS)
                ticker(procs, Bench.TICKS).print()
            }
            "wakeup" -> wakeup()
            "startstop" -> startstop(procs, Bench.scaled(1000))
            else -> if (!CoroutineChannels.run(args[0]) && !CoroutineJobs.run(args[0])) Bench.notApplicable()
        }
    }
}
