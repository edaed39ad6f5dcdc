package io.github.bootcluster.console;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;

/**
 * What waits to be written: bounded, and shared by its feeds so that none can take the
 * room of the others. A feed may hold as much as is still free: one that floods gets half
 * of the room, and leaves the other half; two get a third each.
 * <p>
 * Who puts something for which there is no room waits for it, so that a burst is not cut
 * by a console that is merely slower. But not longer than a feed's patience, in all,
 * since what it held was last written out: from then on its lines are thrown away and
 * counted, until all it holds has been written. Then one line tells how many are missing,
 * and the feed is patient again. So what is written are stretches with nothing missing,
 * and a writer that is stuck costs each feed its patience once.
 * <p>
 * Safe for use by any thread; one thread takes.
 */
final class OutputBuffer {

	/** What is taken at once, at most, or else a single piece. */
	static final int BATCH = 64 * 1024;

	private final int capacity;

	private final Duration patience;

	private final ReentrantLock lock = new ReentrantLock();

	/** Something may be taken. */
	private final Condition filled = this.lock.newCondition();

	/** Something has been written, or a feed has ended. */
	private final Condition moved = this.lock.newCondition();

	/** Feeds that have something to tell, each once. Guarded by the lock. */
	private final Deque<Feed> turns = new ArrayDeque<>();

	/** What all feeds hold, that which is being written included. Guarded by the lock. */
	private int used;

	/** Batches that were taken and are not done. Guarded by the lock. */
	private int taken;

	/** Guarded by the lock. */
	private int openFeeds;

	OutputBuffer(int capacity, Duration patience) {
		this.capacity = capacity;
		this.patience = patience;
	}

	/**
	 * Open a feed. Until it is closed more may come from it.
	 * @param outlet where missing lines are told of
	 * @param notice makes the line that tells how many are missing
	 */
	Feed open(Outlet outlet, LongFunction<byte[]> notice) {
		this.lock.lock();
		try {
			this.openFeeds++;
			return new Feed(outlet, notice);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for something to write. The feeds take turns. Whatever is thrown, nothing is
	 * lost: all that needs memory comes before the first change.
	 */
	Batch take() throws InterruptedException {
		this.lock.lockInterruptibly();
		try {
			Feed feed;
			while ((feed = this.turns.peek()) == null) {
				this.filled.await();
			}
			Batch batch = feed.nextBatch();
			feed.remove(batch);
			this.taken++;
			this.turns.remove();
			if (feed.hasSomethingToTell()) {
				this.turns.add(feed);
			}
			return batch;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** What was taken is dealt with: its room is free. Needed once for each batch. */
	void done(Batch batch, boolean written) {
		this.lock.lock();
		try {
			if (!written) {
				batch.feed().lost += batch.lines();
			}
			batch.feed().held -= batch.cost();
			this.used -= batch.cost();
			this.taken--;
			this.moved.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Wait until all feeds but so many have ended, and all that was put is written. */
	boolean awaitEnd(int others, Duration timeout) throws InterruptedException {
		this.lock.lock();
		try {
			long left = timeout.toNanos();
			while (this.openFeeds > others || this.used > 0 || this.taken > 0 || !this.turns.isEmpty()) {
				if (left <= 0) {
					return false;
				}
				left = this.moved.awaitNanos(left);
			}
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Those who put what comes from one process. */
	final class Feed {

		private final Outlet outlet;

		private final LongFunction<byte[]> notice;

		/** Guarded by the lock, as is all that follows. */
		private final Deque<Piece> pieces = new ArrayDeque<>();

		/** What it takes of the room. */
		private int held;

		/** How long it may still wait. */
		private long patienceLeft = OutputBuffer.this.patience.toNanos();

		/** Whether its lines are thrown away until all it holds is written. */
		private boolean dropping;

		/** Lines that were thrown away: they are missing after what it holds. */
		private long dropped;

		/** Lines that could not be written: they are missing before what it holds. */
		private long lost;

		private Feed(Outlet outlet, LongFunction<byte[]> notice) {
			this.outlet = outlet;
			this.notice = notice;
		}

		/** Whether lines are thrown away at the moment; these are counted then. */
		boolean dropsNow(int lines) {
			OutputBuffer.this.lock.lock();
			try {
				if (this.dropping) {
					this.dropped += lines;
				}
				return this.dropping;
			}
			finally {
				OutputBuffer.this.lock.unlock();
			}
		}

		/** Put a piece, or count it as missing. May wait as long as it has patience. */
		void put(Piece piece) {
			OutputBuffer.this.lock.lock();
			try {
				if (!this.dropping && awaitRoom(piece.cost())) {
					take(piece);
				}
				else {
					drop(piece);
				}
			}
			finally {
				OutputBuffer.this.lock.unlock();
			}
		}

		/** Nothing comes any more. */
		void close() {
			OutputBuffer.this.lock.lock();
			try {
				OutputBuffer.this.openFeeds--;
				OutputBuffer.this.moved.signalAll();
			}
			finally {
				OutputBuffer.this.lock.unlock();
			}
		}

		private boolean awaitRoom(int cost) {
			while (this.held + cost > OutputBuffer.this.capacity - OutputBuffer.this.used) {
				if (this.dropping || this.patienceLeft <= 0) {
					return false;
				}
				long begun = System.nanoTime();
				try {
					OutputBuffer.this.moved.await(this.patienceLeft, TimeUnit.NANOSECONDS);
				}
				catch (InterruptedException ex) {
					// Who is to end must not be kept by a line of output.
					Thread.currentThread().interrupt();
					return false;
				}
				this.patienceLeft -= System.nanoTime() - begun;
			}
			return !this.dropping;
		}

		private void take(Piece piece) {
			this.pieces.add(piece);
			this.held += piece.cost();
			OutputBuffer.this.used += piece.cost();
			queue();
		}

		private void drop(Piece piece) {
			this.dropped += piece.lines();
			this.dropping = true;
			queue();
		}

		private void queue() {
			if (!OutputBuffer.this.turns.contains(this)) {
				OutputBuffer.this.turns.add(this);
				OutputBuffer.this.filled.signal();
			}
		}

		private boolean hasSomethingToTell() {
			return !this.pieces.isEmpty() || this.dropping;
		}

		private Batch nextBatch() {
			List<Piece> next = new ArrayList<>();
			Piece first = this.pieces.peek();
			Outlet outlet = (first != null) ? first.outlet() : this.outlet;
			int size = 0;
			for (Piece piece : this.pieces) {
				if (piece.outlet() != outlet || (piece != first && size + piece.bytes().length > BATCH)) {
					break;
				}
				next.add(piece);
				size += piece.bytes().length;
			}
			return new Batch(this, outlet, this.lost, next, (next.size() == this.pieces.size()) ? this.dropped : 0);
		}

		private void remove(Batch batch) {
			this.lost = 0;
			for (int i = 0; i < batch.held().size(); i++) {
				this.pieces.remove();
			}
			if (this.pieces.isEmpty()) {
				this.patienceLeft = OutputBuffer.this.patience.toNanos();
				this.dropped = 0;
				this.dropping = false;
			}
		}

	}

	/**
	 * What is written at once.
	 *
	 * @param feed whose it is
	 * @param outlet where to
	 * @param missingBefore how many lines are missing before it
	 * @param held what the feed held
	 * @param missingAfter how many lines are missing after it
	 */
	record Batch(Feed feed, Outlet outlet, long missingBefore, List<Piece> held, long missingAfter) {

		/** The bytes, with the lines that tell of missing ones. */
		List<byte[]> pieces() {
			List<byte[]> pieces = new ArrayList<>(this.held.size() + 2);
			if (this.missingBefore > 0) {
				pieces.add(this.feed.notice.apply(this.missingBefore));
			}
			this.held.forEach((piece) -> pieces.add(piece.bytes()));
			if (this.missingAfter > 0) {
				pieces.add(this.feed.notice.apply(this.missingAfter));
			}
			return pieces;
		}

		/** How many lines are missing if it cannot be written. */
		private long lines() {
			long lines = this.missingBefore + this.missingAfter;
			for (Piece piece : this.held) {
				lines += piece.lines();
			}
			return lines;
		}

		/** What it takes of the room. */
		private int cost() {
			int cost = 0;
			for (Piece piece : this.held) {
				cost += piece.cost();
			}
			return cost;
		}

	}

	/** The text of the line that tells of missing ones. */
	static byte[] notice(long missing) {
		String what = (missing == 1) ? "1 line was" : missing + " lines were";
		return "... %s not written: the console does not keep up".formatted(what).getBytes(StandardCharsets.US_ASCII);
	}

}
