import { Construct } from 'constructs';
import { RegistryNamespace } from '../../.gen/providers/scaleway/registry-namespace/index.ts';

export interface ImageRegistryProps {
  /** Unique within the region. */
  name: string;
  region: string;
  projectId: string;
  protectData: boolean;
}

/** The private registry: the build pushes images to it, the container pulls them. */
export class ImageRegistry extends Construct {
  constructor(scope: Construct, id: string, props: ImageRegistryProps) {
    super(scope, id);
    new RegistryNamespace(this, 'namespace', {
      name: props.name,
      region: props.region,
      projectId: props.projectId,
      description: 'Images of meemikansio, tagged with the commit they were built from.',
      isPublic: false,
      // It holds the releases for a rollback.
      lifecycle: { preventDestroy: props.protectData },
    });
  }
}
