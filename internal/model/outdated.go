package model

// ReasonKind is a kind of Reason.
type ReasonKind string

// Why an instance is outdated.
const (
	OldAMI           ReasonKind = "ami"
	OldUserData      ReasonKind = "user_data"
	OldType          ReasonKind = "type"
	OldSecurityGroup ReasonKind = "security_group"
	OldVolume        ReasonKind = "volume"
	OldSettings      ReasonKind = "settings" // anything else of the launch template
	TooOld           ReasonKind = "age"
	Forced           ReasonKind = "forced"
	NotByGroup       ReasonKind = "foreign" // it was not launched by its group
)

// Reason is why an instance should be replaced.
type Reason struct {
	Kind ReasonKind `json:"kind"`
	Have string     `json:"have,omitempty"` // what it has: an AMI, a type, an age; never user data itself
	Want string     `json:"want,omitempty"` // what its group would launch
}
