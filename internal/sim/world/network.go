package world

import "time"

// Network is the state of a region's VPCs and everything wired in them.
type Network struct {
	VPCs             Table[VPC]
	DHCPOptions      Table[DHCPOptions]
	Subnets          Table[Subnet]
	RouteTables      Table[RouteTable]
	InternetGateways Table[InternetGateway]
	Addresses        Table[Address]
	NATGateways      Table[NATGateway]
	SecurityGroups   Table[SecurityGroup]
	Rules            Table[SecurityGroupRule] // of all security groups
	NetworkACLs      Table[NetworkACL]
	Interfaces       Table[Interface]
	Endpoints        Table[Endpoint]
	FlowLogs         Table[FlowLog]
	Tokens           Table[Token] // of all EC2 operations, by operation and client token
}

// VPC is a virtual network.
type VPC struct {
	ID, CIDR     string
	CIDRID       string // id of the association of the CIDR
	State        string // "pending", "available"
	Tenancy      string
	DHCPOptions  string
	DNSSupport   bool
	DNSHostnames bool
	UsageMetrics bool // enableNetworkAddressUsageMetrics
	Tags         Tags
}

// DHCPOptions is what instances are told about names; every region that ever had a VPC has the default set.
type DHCPOptions struct {
	ID, Domain, Servers string
	Tags                Tags
}

// Subnet is a part of a VPC in one zone.
type Subnet struct {
	ID, VPCID, CIDR string
	Zone, ZoneID    string
	State           string // "pending", "available"
	MapPublicIP     bool
	DNS64           bool
	HostnameType    string // "ip-name", "resource-name"
	NameRecordA     bool   // resource names resolve to addresses
	Taken           map[int]bool
	Cursor          int // offset after which the next free address is looked for
	Tags            Tags
}

// RouteTable says where packets of its subnets go.
type RouteTable struct {
	ID, VPCID    string
	Routes       []Route // without those that endpoints add
	Associations []RouteAssociation
	Tags         Tags
}

// Route sends a destination to a target; exactly one target is set. Whether it works is computed from the target.
type Route struct {
	Destination string // a CIDR of either family, or a prefix list's id
	Gateway     string // "local" or an internet gateway's id
	NATGateway  string
	Interface   string
	Instance    string // the instance of Interface, as long as it is attached
	Origin      string // "CreateRouteTable", "CreateRoute"
}

// RouteAssociation ties a route table to a subnet, or makes it the VPC's main one.
type RouteAssociation struct {
	ID, SubnetID string // SubnetID is empty for the main one
	Main         bool
}

// InternetGateway joins a VPC and the internet.
type InternetGateway struct {
	ID, VPCID string // VPCID is empty while detached
	Tags      Tags
}

// Address is an Elastic IP.
type Address struct {
	ID, IP        string // ID is the allocation id
	AssociationID string // empty while free
	Interface     string
	Tags          Tags
}

// NATGateway lets a VPC's private subnets out.
type NATGateway struct {
	ID, VPCID, SubnetID string
	State               string // "pending", "failed", "available", "deleting", "deleted"
	FailureCode         string // why it will fail, or failed
	FailureMessage      string
	Public              bool
	Allocation          string
	AssociationID       string
	PublicIP, PrivateIP string
	Interface           string
	Created, Deleted    time.Time
	Tags                Tags
}

// SecurityGroup is a set of rules for interfaces; its rules are rows of Network.Rules.
type SecurityGroup struct {
	ID, Name, Description, VPCID string
	Rules                        []string // ids, in the order in which they were made
	Tags                         Tags
}

// SecurityGroupRule lets one peer in or out.
type SecurityGroupRule struct {
	ID, GroupID  string
	Egress       bool
	Protocol     string // "-1", "tcp", "udp", "icmp", "icmpv6" or a number
	From, To     int32  // ports, or ICMP type and code; -1 for all
	CIDR4, CIDR6 string // one of these four is the peer
	PrefixList   string
	Group        string
	Description  string
	Tags         Tags
}

// NetworkACL is a stateless filter of subnets. Only the one that comes with a VPC exists.
type NetworkACL struct {
	ID, VPCID    string
	Default      bool
	Associations []ACLAssociation
	Tags         Tags
}

// ACLAssociation ties a network ACL to a subnet.
type ACLAssociation struct{ ID, SubnetID string }

// Interface is a network interface: of an instance, a load balancer, a NAT gateway, an endpoint, or of nobody yet.
type Interface struct {
	ID, SubnetID, VPCID, Zone string
	PrivateIP                 string
	PublicIP                  string // mapped public address or Elastic IP; empty: none
	Allocation, AssociationID string // of an Elastic IP
	Groups                    []string
	Description               string
	InterfaceType             string // "interface", "nat_gateway", "network_load_balancer", "vpc_endpoint", …
	RequesterID               string
	RequesterManaged          bool
	InstanceID                string // of the attached instance; empty for none
	AttachmentID              string // set while in use
	AttachOwner               string // account or service that attached it
	Attached                  time.Time
	DeviceIndex               int32
	KeepOnTermination         bool   // the interface outlives its instance
	Status                    string // "available", "in-use"
	MAC                       string
	NoSourceCheck             bool
	Tags                      Tags
}

// Endpoint leads from a VPC to an AWS service without the internet.
type Endpoint struct {
	ID, VPCID, Service string
	Type               string // "Gateway", "Interface"
	State              string // "pending", "available", "deleting", "deleted"
	Policy             string
	RouteTables        []string
	Subnets            []string
	Groups             []string
	Interfaces         []string
	PrivateDNS         bool
	Changing           bool // pending after a change: it goes on serving
	DNSName            string
	Created            time.Time
	Tags               Tags
}

// FlowLog records the connections of a VPC, a subnet or an interface.
type FlowLog struct {
	ID, Resource string
	To           string // "cloud-watch-logs", "s3"
	Destination  string // an ARN; empty where Group alone was given
	Group        string // a log group's name
	Role         string // the ARN of the role that writes to the group
	Traffic      string // "ALL", "ACCEPT", "REJECT"
	Format       string
	Seconds      int32 // 60 or 600
	Created      time.Time
	Tags         Tags
}
