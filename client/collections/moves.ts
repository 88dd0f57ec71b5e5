/** Number of moves in collections that this page has sent and the server has not answered. */
let sent = 0;

/** Counts a move until it is answered. */
export async function countMove<Answer>(move: Promise<Answer>): Promise<Answer> {
  sent += 1;
  try {
    return await move;
  } finally {
    sent -= 1;
  }
}

/** Whether the page shows a move that the server may not know yet. */
export const isMoving = (): boolean => sent > 0;
