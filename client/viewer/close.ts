import { useNavigate } from '@solidjs/router';
import { useLibrary } from '../library/library-context.tsx';
import { libraryPath } from '../library/paths.ts';

/**
 * Returns a function that leaves the viewer. It goes back in history if possible, to avoid a
 * duplicate entry.
 *
 * @param state history state of the route: whether the user came from the library
 */
export function createClose(state: () => unknown): () => void {
  const navigate = useNavigate();
  const library = useLibrary();
  return () => {
    if (Object(state())['fromFolder'] === true) navigate(-1);
    else navigate(libraryPath(library.q()), { scroll: false });
  };
}
