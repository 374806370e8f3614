// The magic numbers of linux/magic.h and of the file systems' own headers; statfs(2) lists them.
const NAMES = new Map<number, string>([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0xff534d42, 'CIFS'],
  [0x5346414f, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x0bd00bd0, 'Lustre'],
  [0x7461636f, 'OCFS2'],
  [0x01161970, 'GFS2'],
  // How WSL shows the disks of Windows, and some virtual machines those of their host.
  [0x01021997, 'a 9P share'],
  [0x786f4256, 'a VirtualBox share'],
]);

/** The name of a file system that other machines share, as far as its number tells; only Linux's numbers are known. */
export function networkFileSystem(type: number, platform: NodeJS.Platform): string | undefined {
  // The kernel gives a signed number on some machines.
  return platform === 'linux' ? NAMES.get(type >>> 0) : undefined;
}
