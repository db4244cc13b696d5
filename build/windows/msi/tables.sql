# The old Callin goes, with its own word that it is an upgrade, before the new one comes, and comes back if that fails.
UPDATE `InstallExecuteSequence` SET `Sequence` = 1501 WHERE `Action` = 'RemoveExistingProducts'
# And what is our own, in its order.
UPDATE `InstallExecuteSequence` SET `Sequence` = 1010 WHERE `Action` = 'OffAir'
UPDATE `InstallExecuteSequence` SET `Sequence` = 1011 WHERE `Action` = 'DepartWith'
UPDATE `InstallExecuteSequence` SET `Sequence` = 1012 WHERE `Action` = 'ArriveWith'
UPDATE `InstallExecuteSequence` SET `Sequence` = 1013 WHERE `Action` = 'ForgetCode'
UPDATE `InstallExecuteSequence` SET `Sequence` = 1014 WHERE `Action` = 'ForgetKey'
UPDATE `InstallExecuteSequence` SET `Sequence` = 1801 WHERE `Action` = 'Stay'
UPDATE `InstallExecuteSequence` SET `Sequence` = 1802 WHERE `Action` = 'Depart'
UPDATE `InstallExecuteSequence` SET `Sequence` = 6590 WHERE `Action` = 'Arrive'
UPDATE `InstallExecuteSequence` SET `Sequence` = 6591 WHERE `Action` = 'ForgetArrive'
# Another build of the same version is an upgrade too.
DELETE FROM `Upgrade` WHERE `ActionProperty` = 'WIX_UPGRADE_DETECTED'
INSERT INTO `Upgrade` (`UpgradeCode`, `VersionMax`, `Attributes`, `ActionProperty`) VALUES ('{6D9E9A52-9B0F-4C0B-9E56-0F3C7C1B5B11}', '@NUMBERS@', 513, 'WIX_UPGRADE_DETECTED')
INSERT INTO `Property` (`Property`, `Value`) VALUES ('REINSTALLMODE', 'amus')
# What these actions are given is in no log of Windows Installer; Wine, which hides nothing, logs what is not forgotten.
UPDATE `CustomAction` SET `Type` = 8243 WHERE `Action` = 'ArriveWith'
UPDATE `CustomAction` SET `Type` = 11265 WHERE `Action` = 'Arrive'
UPDATE `CustomAction` SET `Type` = 51 WHERE `Action` = 'DepartWith'
UPDATE `CustomAction` SET `Type` = 51 WHERE `Action` = 'ForgetCode'
UPDATE `CustomAction` SET `Type` = 51 WHERE `Action` = 'ForgetKey'
UPDATE `CustomAction` SET `Type` = 51 WHERE `Action` = 'ForgetArrive'
UPDATE `CustomAction` SET `Type` = 1 WHERE `Action` = 'OffAir'
UPDATE `Property` SET `Value` = 'STATION;CODE;KEY;SERVICE;PURGE;WAIT;INSTALLEDBYEXE;WIX_UPGRADE_DETECTED;WIX_DOWNGRADE_DETECTED' WHERE `Property` = 'SecureCustomProperties'
# What undoes an action stands before it, and runs only where Windows Installer goes back.
UPDATE `CustomAction` SET `Type` = 3329 WHERE `Action` = 'Stay'
# Shortcuts that lead to the program, and not to Windows Installer, which would look the installation over at each start.
UPDATE `Shortcut` SET `Target` = '[#callin.exe]' WHERE `Target` = 'Callin'
# The programs have a version, and Windows Installer compares it.
UPDATE `File` SET `Version` = '@NUMBERS@', `Language` = '1033' WHERE `File` = 'callin.exe'
UPDATE `File` SET `Version` = '@NUMBERS@', `Language` = '1033' WHERE `File` = 'callin.com'
DELETE FROM `MsiFileHash` WHERE `File_` = 'callin.exe'
DELETE FROM `MsiFileHash` WHERE `File_` = 'callin.com'
