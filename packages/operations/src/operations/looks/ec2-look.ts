import { collect } from '../../internal/collect.js';
import type { FoundResource } from '../../plan/leftover.js';
import { isOfPlatform, type Look, type LookContext, tagFilter } from './look.js';

interface Ec2Page {
  readonly $metadata: object;
  readonly NextToken?: string | undefined;
}

interface Ec2Question<Page extends Ec2Page, Item> extends Pick<Look, 'what'> {
  readonly permission: string;
  readonly ask: (
    context: LookContext,
    sdk: typeof import('@aws-sdk/client-ec2'),
    input: ReturnType<typeof tagFilter> & { readonly NextToken: string | undefined },
  ) => Promise<Page>;
  readonly itemsOf: (page: Page) => readonly Item[] | undefined;
  readonly found: (item: Item) => FoundResource;
}

/** A look at what of EC2 carries the platform's tag. */
export function ec2Look<Page extends Ec2Page, Item>({
  what,
  permission,
  ask,
  itemsOf,
  found,
}: Ec2Question<Page, Item>): Look {
  return {
    what,
    permissions: [permission],
    async find(context) {
      const sdk = await import('@aws-sdk/client-ec2');
      const items = await collect(
        (NextToken) => ask(context, sdk, { ...tagFilter(context), NextToken }),
        itemsOf,
        (page) => page.NextToken,
      );
      return items.map(found).filter(({ tags }) => isOfPlatform(tags, context));
    },
  };
}
