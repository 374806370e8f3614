import { archives } from './archives.ts';
import { readAwk } from './awk.ts';
import { bytes } from './bytes.ts';
import { changingFiles } from './changing-files.ts';
import { checksums } from './checksums.ts';
import { compare } from './compare.ts';
import { readFd } from './fd.ts';
import { files } from './files.ts';
import { readFind } from './find.ts';
import { dataTools } from './jq.ts';
import { machine } from './machine.ts';
import { readSed } from './sed.ts';
import { text } from './text.ts';
import { textShapes } from './text-shapes.ts';
import { viewers } from './viewers.ts';

/** What a shell user has at hand: coreutils, text and file tools. */
export const everyday = {
  ...files,
  ...changingFiles,
  ...archives,
  ...checksums,
  ...compare,
  ...bytes,
  ...text,
  ...textShapes,
  ...dataTools,
  ...viewers,
  ...machine,
  find: readFind,
  fd: readFd,
  fdfind: readFd,
  sed: readSed,
  gsed: readSed,
  awk: readAwk,
  gawk: readAwk,
  mawk: readAwk,
  nawk: readAwk,
};
