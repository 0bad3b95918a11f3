package desired

import "berth/internal/model"

func (b *builder) internetGateways() []model.Resource {
	return []model.Resource{model.InternetGateway{VPC: model.VPCKey(), Tags: b.tags(model.InternetGatewayKey())}}
}
