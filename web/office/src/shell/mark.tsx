/* SPDX-License-Identifier: AGPL-3.0-or-later */
import { session } from './session';

export function Mark() {
  return (
    <span className="mark" aria-hidden="true">
      {session.workspace.name.trim().charAt(0).toUpperCase()}
    </span>
  );
}
