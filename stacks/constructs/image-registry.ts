import { Construct } from 'constructs';
import { RegistryNamespace } from '../../.gen/providers/scaleway/registry-namespace/index.ts';

export interface ImageRegistryProps {
  /** Unique within the region. */
  name: string;
  region: string;
  projectId: string;
  protectData: boolean;
}

/** The private registry that the build pushes images to and the container takes them from. */
export class ImageRegistry extends Construct {
  constructor(scope: Construct, id: string, props: ImageRegistryProps) {
    super(scope, id);
    new RegistryNamespace(this, 'namespace', {
      name: props.name,
      region: props.region,
      projectId: props.projectId,
      description: 'Images of meemikansio, tagged with the commit they were built from.',
      isPublic: false,
      // The releases one could roll back to.
      lifecycle: { preventDestroy: props.protectData },
    });
  }
}
