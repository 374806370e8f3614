import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directoriesNamed, directoryLabel, shortNames } from './directory-names.ts';

describe('names of directories', () => {
  it('are as short as they can be told apart', () => {
    expect(shortNames(['/code/shop/api', '/code/blog/api', '/code/web', '/api'])).toEqual([
      'shop/api',
      'blog/api',
      'web',
      '/api',
    ]);
    expect(shortNames(['/a/x', '/a/x/x'])).toEqual(['a/x', 'x/x']);
    expect(shortNames(['/'])).toEqual(['/']);
  });

  it('find what they are the end of', () => {
    const paths = ['/code/shop/api', '/code/blog/api', '/code/web', '/api'];
    expect(directoriesNamed(paths, 'blog/api/')).toEqual(['/code/blog/api']);
    expect(directoriesNamed(paths, '/api')).toEqual(['/api']);
    expect(directoriesNamed(paths, 'api')).toHaveLength(3);
    expect(directoriesNamed(paths, 'pi')).toEqual([]);
    expect(directoriesNamed(paths, '')).toEqual([]);
  });

  it('lead back to their directory, whatever the directories are', () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'api'), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.uniqueArray(
          path.map((parts) => `/${parts.join('/')}`),
          { maxLength: 20 },
        ),
        (paths) => {
          const names = shortNames(paths);
          expect(new Set(names).size).toBe(paths.length);
          names.forEach((name, index) => expect(directoriesNamed(paths, name)).toEqual([paths[index]]));
        },
      ),
    );
  });

  it('fit on a button: the end of a long one, with its number', () => {
    expect(directoryLabel('api', 0)).toBe('api');
    const long = directoryLabel(`customers/${'x'.repeat(30)}/api`, 11);
    expect(long).toMatch(/^12\. …x+\/api$/);
    expect(long).toHaveLength(30);
  });
});
