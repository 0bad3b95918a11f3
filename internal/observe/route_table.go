package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type routeTableAnswers struct {
	tables      []types.RouteTable
	tablesAsked bool // tables and routes come in one answer, asked for once
}

func routeTableRow() row {
	return row{model.KindRouteTable, []func(*look) []call{nothing, routeTableCalls}, foldRouteTables}
}

func routeTableCalls(l *look) []call {
	in := &ec2.DescribeRouteTablesInput{Filters: l.inVPC()}
	if in.Filters == nil || l.tablesAsked {
		return nil
	}
	l.tablesAsked = true
	return []call{fetch.Pages(l, l.c.EC2.DescribeRouteTables, in, func(in *ec2.DescribeRouteTablesInput, out *ec2.DescribeRouteTablesOutput) bool {
		l.tables = append(l.tables, out.RouteTables...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

func foldRouteTables(l *look) {
	for _, t := range l.tables {
		if !l.inOwnVPC(t.VpcId) || shape.MainTable(t) {
			continue // AWS makes it with the VPC and takes it away with the VPC
		}
		tags, id := shape.EC2Tags(t.Tags), aws.ToString(t.RouteTableId)
		k, ok := l.mine(tags, model.KindRouteTable)
		if !ok || k.IsZero() {
			l.stray(model.Key{}, id, "route table "+id)
			continue
		}
		r, h := model.RouteTable{Tags: tags.Own()}, model.Handle{ID: id}
		r.Tier, r.Zone = shape.TierOf(k)
		for _, a := range t.Associations {
			r.Subnet, h.Link = l.key(aws.ToString(a.SubnetId)), aws.ToString(a.RouteTableAssociationId)
		}
		l.add(r, h)
	}
}
