package desired

import "berth/internal/model"

func (b *builder) vpcs() []model.Resource {
	return []model.Resource{model.VPC{
		CIDR: b.c.VPCCIDR.String(), DNSSupport: true, DNSHostnames: true, Tags: b.tags(model.VPCKey()),
	}}
}
