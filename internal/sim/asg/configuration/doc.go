// Package configuration is Auto Scaling's launch configurations: what groups launched from before EC2 had launch templates.
//
// In go calls of Auto Scaling's API with the SDK's own types, and questions of the groups. Out come answers, rows in
// world.AutoScaling, and launch settings for EC2. A launch configuration is never changed, only made and deleted.
// AWS refuses new ones to accounts that were opened after September 2024; the simulated account is older.
//
// It must never launch anything, or know how a group works.
package configuration
